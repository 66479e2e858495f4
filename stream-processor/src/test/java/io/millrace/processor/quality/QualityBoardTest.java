package io.millrace.processor.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.identity.ModelVersion;
import io.millrace.prediction.Role;
import io.millrace.quality.QualityCounts;
import io.millrace.quality.QualityRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** However many versions come and go, the meters are of those that score and those whose outcomes still come in. */
final class QualityBoardTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration WINDOW = Duration.ofHours(1);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Quality quality =
            new Quality(new QualityConfig(WINDOW, Duration.ofMinutes(5), 16, Duration.ofSeconds(10)), meters);

    @Test
    void metersOfAVersionThatScoresNoMore_goWhenNothingChangesAnyMore() {
        for (int version = 1; version <= 5; version++) {
            put(version, NOON);
        }
        quality.scoring(Set.of(model(4), model(5)));
        quality.refresh(NOON.toEpochMilli());
        assertThat(versions()).containsExactly("1", "2", "3", "4", "5");

        Instant later = NOON.plus(WINDOW).plusSeconds(10);
        put(2, later);
        quality.refresh(later.toEpochMilli());
        assertThat(versions()).containsExactly("2", "4", "5");

        quality.refresh(later.plus(WINDOW).toEpochMilli());
        assertThat(versions()).containsExactly("4", "5");
    }

    private List<String> versions() {
        return meters.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("millrace.model."))
                .map(meter -> Objects.requireNonNull(meter.getId().getTag("version")))
                .distinct()
                .sorted()
                .toList();
    }

    private void put(int version, Instant changed) {
        QualityCounts counts = QualityRecord.counts(null);
        counts.predicted();
        quality.board()
                .put(new QualityRecord(model(version), Role.CHAMPION, null, 0, "big", 0.5f, null, counts, changed));
    }

    private static ModelVersion model(int version) {
        return new ModelVersion("m", Integer.toString(version));
    }
}
