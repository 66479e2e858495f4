package io.millrace.processor.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.model.Manifest;
import io.millrace.prediction.Role;
import io.millrace.processor.model.ModelFiles;
import io.millrace.quality.QualityFigures;
import io.millrace.quality.QualityRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is published of a window never goes down: the store takes the newest record for the whole. */
final class TalliesTest {
    private static final long NOON = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long EIGHT_DAYS = Duration.ofDays(8).toMillis();
    private static final String WINDOW = "purchase-intent/1/champion/2026-11-22T12:00:00Z/0";
    private static final String NEXT_WINDOW = "purchase-intent/1/champion/2026-11-22T13:00:00Z/0";
    private static final String ALL = "purchase-intent/1/champion/all/0";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Quality quality = new Quality(
            new QualityConfig(Duration.ofHours(1), Duration.ofMinutes(5), 16, Duration.ofSeconds(10)), meters);
    private final MemoryShelf shelf = new MemoryShelf();
    private final Map<String, Long> published = new HashMap<>();
    private final Rule rule;
    private Tallies tallies;

    TalliesTest() throws Exception {
        Manifest manifest = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT).manifest();
        quality.watch(manifest);
        rule = new Rule(manifest);
        tallies = new Tallies(quality, shelf, 0);
    }

    @Test
    void window_isNotBegunAgain_whenItsCountsWereDropped() {
        known(NOON);
        known(NOON + 1);
        publish(NOON + HOUR);
        tallies.forget(NOON + EIGHT_DAYS);

        known(NOON + 2);
        publish(NOON + EIGHT_DAYS);

        assertThat(published).containsEntry(WINDOW, 2L).containsEntry(ALL, 3L);
        assertThat(meters.get("millrace.quality.late").counter().count()).isEqualTo(1);

        tallies = new Tallies(quality, shelf, 0);
        known(NOON + 3);
        publish(NOON + EIGHT_DAYS);

        assertThat(published).containsEntry(WINDOW, 2L).containsEntry(ALL, 4L);
    }

    @Test
    void window_afterThoseThatWereDropped_counts() {
        known(NOON);
        publish(NOON + HOUR);
        tallies.forget(NOON + EIGHT_DAYS);

        known(NOON + HOUR);
        publish(NOON + EIGHT_DAYS);

        assertThat(published).containsEntry(NEXT_WINDOW, 1L);
        assertThat(meters.get("millrace.quality.late").counter().count()).isZero();
    }

    @Test
    void window_isNotDropped_whileSomethingChangesIt() {
        known(NOON);
        publish(NOON + HOUR);
        known(NOON + 1);
        publish(NOON + EIGHT_DAYS - HOUR);
        tallies.forget(NOON + EIGHT_DAYS);

        known(NOON + 2);
        publish(NOON + EIGHT_DAYS);

        assertThat(published).containsEntry(WINDOW, 3L);
    }

    private void known(long time) {
        tallies.known(rule, Role.CHAMPION, time, 0.5f, true);
    }

    private void publish(long nowMillis) {
        tallies.keep(nowMillis);
        tallies.publish(this::take);
    }

    private void take(QualityRecord record) {
        long known = QualityFigures.of(record.counts(), record.reference()).known();
        Long before = published.put(record.key(), known);
        assertThat(known).as(record.key()).isGreaterThanOrEqualTo(before == null ? 0 : before);
    }
}
