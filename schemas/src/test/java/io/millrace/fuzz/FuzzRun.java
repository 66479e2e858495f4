package io.millrace.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Gives many inputs to one target: each must have an outcome, and none may take a second of a processor's time. A few thousand
 * in the build; {@code -Dmillrace.fuzz.inputs=2000000 -Dmillrace.fuzz.seed=7} (docs/fuzzing.md) makes it a long run.
 */
public final class FuzzRun {
    private static final long SECOND = 1_000_000_000L;
    private static final int SHOWN = 600;

    private FuzzRun() {}

    /** Takes one input. */
    @FunctionalInterface
    public interface Target {
        /** @return what became of it, such as a stable code; never one of its own for each input */
        String take(byte[] input) throws Exception;
    }

    /** How many inputs a target gets: as told, or a few. */
    public static int inputs(int usual) {
        return Integer.getInteger("millrace.fuzz.inputs", usual);
    }

    /** Where the sequence begins. */
    public static long seed() {
        return Long.getLong("millrace.fuzz.seed", 1);
    }

    /** All example payloads of these kinds, valid and invalid. */
    public static List<byte[]> examples(String... kinds) {
        Path root = Files.isDirectory(Path.of("examples")) ? Path.of("examples") : Path.of("../schemas/examples");
        return Stream.of(kinds)
                .flatMap(kind -> {
                    try (Stream<Path> files = Files.walk(root.resolve(kind))) {
                        return files.filter(Files::isRegularFile).sorted().map(FuzzRun::bytes).toList().stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs, and says how many inputs had which outcome. */
    public static Map<String, Long> run(String name, int count, Supplier<byte[]> inputs, Target target) {
        Map<String, Long> outcomes = new TreeMap<>();
        long began = System.nanoTime();
        long slowest = 0;
        for (int i = 0; i < count; i++) {
            byte[] input = inputs.get();
            long start = System.nanoTime();
            String outcome = taken(name, i, input, target);
            long took = System.nanoTime() - start;
            if (took > SECOND) {
                // The machine may have been busy with others: what counts is what the input itself takes.
                took = ownTime(name, i, input, target);
                if (took > SECOND) {
                    throw new AssertionError(what(name, i, input) + " takes " + took / 1_000_000 + " ms");
                }
            }
            slowest = Math.max(slowest, took);
            outcomes.merge(outcome, 1L, Long::sum);
        }
        System.out.printf(
                "fuzz %s: %,d inputs from seed %d in %.1f s, the slowest %.1f ms: %s%n",
                name, count, seed(), (System.nanoTime() - began) / 1e9, slowest / 1e6, shown(outcomes));
        return outcomes;
    }

    private static String taken(String name, int number, byte[] input, Target target) {
        try {
            return target.take(input);
        } catch (Throwable e) {
            throw new AssertionError(what(name, number, input) + ": " + e, e);
        }
    }

    private static long ownTime(String name, int number, byte[] input, Target target) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            taken(name, number, input, target);
            least = Math.min(least, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
        }
        return least;
    }

    private static String what(String name, int number, byte[] input) {
        byte[] beginning = input.length <= SHOWN ? input : java.util.Arrays.copyOf(input, SHOWN);
        return "fuzz " + name + ": input " + number + " of seed " + seed() + ", " + input.length + " bytes, "
                + HexFormat.of().formatHex(beginning) + " (" + new String(beginning, UTF_8) + ")";
    }

    private static String shown(Map<String, Long> outcomes) {
        return outcomes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList()
                .toString();
    }
}
