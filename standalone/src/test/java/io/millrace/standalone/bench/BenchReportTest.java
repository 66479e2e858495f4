package io.millrace.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {
    private static final Figure STATE =
            new Figure("score.state", "events/s", List.of(70_000.0, 60_000.0, 80_000.0), null);
    private static final Figure FULL = new Figure("score.full", "events/s", List.of(50_000.0, 40_000.0), STATE);
    private static final BenchReport REPORT = new BenchReport(Map.of("cores", "2"), List.of(STATE, FULL));

    @Test
    void table_hasMedianAndRange_andWhatItIsOfItsCeiling() {
        assertThat(REPORT.table())
                .containsExactly(
                        "                                               median        min        max  of its ceiling",
                        "score.state                      events/s      70,000     60,000     80,000",
                        "score.full                       events/s      45,000     40,000     50,000  64 % of"
                                + " score.state");
    }

    @Test
    void json_hasTheSame(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("bench.json");
        REPORT.write(file);

        JsonNode read = new ObjectMapper().readTree(file.toFile());
        assertThat(read.path("machine").path("cores").asText()).isEqualTo("2");
        assertThat(read.path("figures").path(0).path("ceiling").isNull()).isTrue();
        JsonNode full = read.path("figures").path(1);
        assertThat(full.path("name").asText()).isEqualTo("score.full");
        assertThat(full.path("unit").asText()).isEqualTo("events/s");
        assertThat(full.path("value").asDouble()).isEqualTo(45_000);
        assertThat(full.path("min").asDouble()).isEqualTo(40_000);
        assertThat(full.path("max").asDouble()).isEqualTo(50_000);
        assertThat(full.path("ceiling").asDouble()).isEqualTo(70_000);
        assertThat(full.path("ratio").asDouble()).isEqualTo(45.0 / 70);
    }
}
