package io.millrace.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MillraceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bogus",
                "replay",
                "replay x --speed fast",
                "replay x --map xml",
                "replay x --url http://127.0.0.1:1",
                "replay x --url ftp://127.0.0.1:1 --token x",
                "replay src --url http://127.0.0.1:1 --token x",
                "simulate --duration 5",
                "simulate --rate 0",
                "models",
                "models deploy mine 2 --canary 3=5 --canary 4=5 --url http://127.0.0.1:1 --token x",
                "models list --url http://127.0.0.1:1"
            })
    void exitsWith2_whenTheUsageIsWrong(String line) {
        assertThat(execute(line)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "version",
                "replay --help",
                "simulate --help",
                "topics --help",
                "models --help"
            })
    void exitsWith0_whenAskedForHelp(String line) {
        assertThat(execute(line)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replay x --data /nowhere/at/all",
                "replay /nowhere/at/all --url http://127.0.0.1:1 --token x",
                "topics --data /nowhere/at/all",
                "models list --data /nowhere/at/all",
                "models status --url http://127.0.0.1:1 --token x",
                "models push /nowhere/at/all --url http://127.0.0.1:1 --token x",
                "train /nowhere/at/all /nowhere/model",
                "train pom.xml /nowhere/model"
            })
    void exitsWith1_whenItCannotBeDone(String line) {
        assertThat(execute(line)).isEqualTo(1);
    }

    @Test
    void simulateWritesTheSameFile_whenSeedAndStartAreTheSame(@TempDir Path folder) throws Exception {
        String[] line = {"simulate", "--seed", "9", "--start", "2026-01-01T00:00:00Z", "--duration", "2m", "--out", ""};

        for (String name : new String[] {"one", "two"}) {
            line[line.length - 1] = folder.resolve(name).toString();
            assertThat(Millrace.execute(line)).isZero();
        }

        assertThat(folder.resolve("one")).hasSameTextualContentAs(folder.resolve("two"));
        assertThat(Files.readAllLines(folder.resolve("one"))).hasSizeGreaterThan(1_000);
    }

    private static int execute(String line) {
        return Millrace.execute(line.isEmpty() ? new String[0] : line.split(" "));
    }
}
