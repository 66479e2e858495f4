package io.millrace.processor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.processor.observe.ScoringMeters;
import io.millrace.processor.quality.Quality;
import io.millrace.processor.quality.QualityConfig;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.ScoreProcessor;
import io.millrace.processor.score.ThreadBatches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Names of nodes and stores are names of changelog topics: a change strands the state of everybody who upgrades, so it
 * must be seen in review. docs/architecture.md shows the same text.
 */
class TopologyDescriptionTest {
    private static final Quality QUALITY = new Quality(
            new QualityConfig(Duration.ofHours(1), Duration.ofMinutes(5), 16, Duration.ofSeconds(10)),
            new SimpleMeterRegistry());

    @Test
    void isTheGolden_andTheOneInTheDocs() throws Exception {
        Generations none = new Generations(new Generation(1, List.of(), List.of(), Duration.ofHours(1)));
        ThreadBatches noBatches =
                new ThreadBatches(none, new ScoringMeters(new SimpleMeterRegistry()), Duration.ofMillis(50), 0);
        String description = ScoringTopology.build(() -> new ScoreProcessor(noBatches, Duration.ofMillis(5), QUALITY))
                .describe()
                .toString()
                .strip();

        assertThat(description)
                .isEqualTo(Files.readString(Path.of("src/test/resources/topology.txt"))
                        .strip());
        assertThat(Files.readString(Path.of("../docs/architecture.md"))).contains(description);
    }
}
