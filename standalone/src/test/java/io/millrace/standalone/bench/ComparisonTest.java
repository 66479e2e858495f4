package io.millrace.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static final Map<String, String> MACHINE = Map.of("processor", "mill");

    private Path base = Path.of("base.json");

    @BeforeEach
    void name(@TempDir Path folder) {
        base = folder.resolve("base.json");
    }

    @Test
    void lessThroughput_andLongerTimes_areWorse() throws Exception {
        before(figure("score.full", "events/s", 100, 105, 95), figure("latency.p99", "ms", 50, 52, 48));

        Comparison comparison =
                now(figure("score.full", "events/s", 80, 82, 78), figure("latency.p99", "ms", 60, 61, 59));

        assertThat(comparison.slower()).containsExactly("score.full", "latency.p99");
        assertThat(comparison.lines()).hasSize(2).allMatch(line -> line.endsWith("WORSE"));
    }

    @Test
    void moreThroughput_isTold_andNotWorse() throws Exception {
        before(figure("score.full", "events/s", 100, 105, 95));

        Comparison comparison = now(figure("score.full", "events/s", 150, 152, 148));

        assertThat(comparison.slower()).isEmpty();
        assertThat(comparison.lines())
                .singleElement()
                .asString()
                .contains("+50 %")
                .endsWith("better");
    }

    @Test
    void rangesThatOverlap_orMediansThatAreNear_areNoise() throws Exception {
        before(figure("score.full", "events/s", 100, 130, 70), figure("score.state", "events/s", 100, 101, 99));

        Comparison comparison =
                now(figure("score.full", "events/s", 75, 80, 70), figure("score.state", "events/s", 92, 93, 91));

        assertThat(comparison.slower()).isEmpty();
        assertThat(comparison.lines()).containsExactly("nothing differs beyond noise");
    }

    @Test
    void oneRound_needsALargerDifference() throws Exception {
        before(figure("score.full", "events/s", 100));

        assertThat(now(figure("score.full", "events/s", 75)).slower()).isEmpty();
        assertThat(now(figure("score.full", "events/s", 65)).slower()).containsExactly("score.full");
    }

    @Test
    void anotherMachine_isSaid() throws Exception {
        before(figure("score.full", "events/s", 100));

        Comparison comparison = Comparison.of(base, new BenchReport(Map.of("processor", "other"), List.of()));

        assertThat(comparison.lines()).containsExactly("another machine: before mill");
    }

    @Test
    void whatHasNoFigures_isRefused() throws Exception {
        Files.writeString(base, "{}");
        assertThatThrownBy(this::now).isInstanceOf(IOException.class).hasMessageContaining("no figures");

        Files.writeString(base, "not json");
        assertThatThrownBy(this::now).isInstanceOf(IOException.class).hasMessageContaining("no figures");
    }

    private void before(Figure... figures) throws IOException {
        new BenchReport(MACHINE, List.of(figures)).write(base);
    }

    private Comparison now(Figure... figures) throws IOException {
        return Comparison.of(base, new BenchReport(MACHINE, List.of(figures)));
    }

    private static Figure figure(String name, String unit, double... rounds) {
        return new Figure(name, unit, Arrays.stream(rounds).boxed().toList(), null);
    }
}
