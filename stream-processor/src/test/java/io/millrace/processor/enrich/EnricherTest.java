package io.millrace.processor.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.Profile;
import io.millrace.processor.feature.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EnricherTest {
    private static final Instant NOW = Samples.MONDAY;

    private final Enricher enricher = new Enricher();

    private static Event identify(Instant time, String traits) {
        return Samples.event(EventKind.IDENTIFY, null, time, time, "{}", traits);
    }

    private Profile merged(@Nullable Profile known, Event event) {
        Enrichment enrichment = enricher.merge(known, event);
        assertThat(enrichment.dropped()).isZero();
        return Objects.requireNonNull(enrichment.profile());
    }

    @Test
    void makesAProfile_whenTheUserIsIdentified() {
        Profile profile = merged(null, identify(NOW, "{\"plan\":\"pro\", \"n\" : [1, {\"a\":1.10}]}"));

        assertThat(profile.traits()).hasToString("{\"plan\":\"pro\",\"n\":[1,{\"a\":1.10}]}");
        assertThat(profile.updatedAt()).isEqualTo(NOW);
        assertThat(profile.user().text()).isEqualTo("shop:u");
    }

    @Test
    void changesNothing_whenTheEventIsNoIdentify() {
        Event track = Samples.event(EventKind.TRACK, "a", NOW, NOW, "{}", "{\"plan\":\"pro\"}");

        assertThat(enricher.merge(null, track)).isEqualTo(new Enrichment(null, false, 0));
    }

    @Test
    void mergesFieldByField_andNullRemoves() {
        Profile first = merged(null, identify(NOW, "{\"plan\":\"free\",\"age\":41,\"big\":12345678901234567890.5}"));

        Profile second = merged(first, identify(NOW.plusSeconds(1), "{\"plan\":\"pro\",\"age\":null,\"none\":null}"));

        assertThat(second.traits()).hasToString("{\"plan\":\"pro\",\"big\":12345678901234567890.5}");
        assertThat(second.updatedAt()).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void onlyAddsWhatIsMissing_whenTheIdentifyIsOlder() {
        Profile first = merged(null, identify(NOW, "{\"plan\":\"pro\"}"));

        Profile second = merged(first, identify(NOW.minusSeconds(1), "{\"plan\":null,\"age\":41}"));
        Profile third = merged(second, identify(NOW.minusSeconds(2), "{\"plan\":\"free\"}"));

        assertThat(second.traits()).hasToString("{\"plan\":\"pro\",\"age\":41}");
        assertThat(second.updatedAt()).isEqualTo(NOW);
        assertThat(third).isEqualTo(second);
    }

    @Test
    void saysThatNothingChanged_whenTheTraitsAreTheSame() {
        Profile profile = merged(null, identify(NOW, "{\"plan\":\"pro\"}"));

        assertThat(enricher.merge(profile, identify(NOW, "{\"plan\":\"pro\"}")).changed())
                .isFalse();
    }

    @Test
    void isNotNewerThanItsReceipt_whenAClockRunsAhead() {
        Event ahead =
                Samples.event(EventKind.IDENTIFY, null, NOW.plus(Duration.ofHours(20)), NOW, "{}", "{\"plan\":\"a\"}");
        Profile profile = merged(null, ahead);

        assertThat(merged(profile, identify(NOW.plusSeconds(1), "{\"plan\":\"b\"}"))
                        .traits())
                .hasToString("{\"plan\":\"b\"}");
    }

    @Test
    void dropsAndCountsFields_whenThereAreTooMany() {
        StringBuilder traits = new StringBuilder("{");
        for (int i = 0; i < 200; i++) {
            traits.append(i == 0 ? "" : ",")
                    .append("\"t")
                    .append(i)
                    .append("\":")
                    .append(i);
        }
        Enrichment many = enricher.merge(null, identify(NOW, traits + "}"));
        Profile profile = Objects.requireNonNull(many.profile());

        assertThat(many.dropped()).isEqualTo(200 - Enricher.MOST_FIELDS);
        assertThat(enricher.merge(profile, identify(NOW, "{\"new\":1}")).dropped())
                .isEqualTo(1);
        assertThat(merged(profile, identify(NOW, "{\"t0\":\"other\"}")).traits().toString())
                .startsWith("{\"t0\":\"other\",");
        assertThat(merged(profile, identify(NOW, "{\"t0\":null,\"new\":1}"))
                        .traits()
                        .toString())
                .endsWith(",\"new\":1}");
    }

    @Test
    void keepsWhatItHad_whenATraitIsTooLarge() {
        Profile profile = merged(null, identify(NOW, "{\"a\":1,\"b\":\"" + "x".repeat(16_000) + "\"}"));

        Enrichment enrichment = enricher.merge(profile, identify(NOW, "{\"a\":\"" + "y".repeat(400) + "\",\"c\":2}"));

        Profile merged = Objects.requireNonNull(enrichment.profile());
        assertThat(enrichment.dropped()).isEqualTo(1);
        assertThat(merged.traits().toString()).startsWith("{\"a\":1,").endsWith(",\"c\":2}");
        assertThat(merged.traits().length()).isLessThanOrEqualTo(Enricher.MOST_BYTES);
    }
}
