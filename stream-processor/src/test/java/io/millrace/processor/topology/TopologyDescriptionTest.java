package io.millrace.processor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Names of nodes and stores are names of changelog topics: a change strands the state of everybody who upgrades, so it
 * must be seen in review. docs/architecture.md shows the same text.
 */
class TopologyDescriptionTest {
    @Test
    void isTheGolden_andTheOneInTheDocs() throws Exception {
        String description = ScoringTopology.build(() -> {
                    throw new IllegalStateException("describing makes no processor");
                })
                .describe()
                .toString()
                .strip();

        assertThat(description).isEqualTo(Files.readString(Path.of("src/test/resources/topology.txt")).strip());
        assertThat(Files.readString(Path.of("../docs/architecture.md"))).contains(description);
    }
}
