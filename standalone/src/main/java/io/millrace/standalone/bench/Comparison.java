package io.millrace.standalone.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What became slower since another sitting, beyond what two sittings of the same program differ by: the ranges of the rounds do
 * not overlap and the medians differ by over {@value #PERCENT} %, or by over {@value #FEW_ROUNDS_PERCENT} % where either
 * sitting had fewer than {@value #ENOUGH_ROUNDS} rounds, whose range says little.
 *
 * @param lines for a terminal: those that differ beyond noise, and what cannot be compared
 * @param slower names of figures that became worse
 */
public record Comparison(List<String> lines, List<String> slower) {
    static final int PERCENT = 10;
    static final int FEW_ROUNDS_PERCENT = 30;
    static final int ENOUGH_ROUNDS = 3;

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of these more is better; of all others, times and bytes, less is. */
    private static final Set<String> MORE_IS_BETTER = Set.of("events/s", "requests/s", "rows/s", "times", "users");

    public Comparison {
        lines = List.copyOf(lines);
        slower = List.copyOf(slower);
    }

    /**
     * Compares a sitting with one whose figures were written as JSON.
     *
     * @throws IOException with a sentence if the file has none
     */
    public static Comparison of(Path base, BenchReport now) throws IOException {
        JsonNode before;
        try {
            before = JSON.readTree(base.toFile());
        } catch (JsonProcessingException e) {
            throw new IOException(base + " has no figures of millrace bench --json: " + e.getOriginalMessage(), e);
        }
        if (!before.path("figures").isArray()) {
            throw new IOException(base + " has no figures, expected what millrace bench --json writes");
        }
        List<String> lines = new ArrayList<>();
        List<String> slower = new ArrayList<>();
        String processor = before.path("machine").path("processor").asText();
        if (!processor.equals(now.machine().getOrDefault("processor", ""))) {
            lines.add("another machine: before " + processor);
        }
        for (JsonNode one : before.path("figures")) {
            String name = one.path("name").asText();
            now.figures().stream()
                    .filter(figure -> figure.name().equals(name))
                    .findFirst()
                    .ifPresent(figure -> compare(one, figure, lines, slower));
        }
        if (lines.isEmpty()) {
            lines.add("nothing differs beyond noise");
        }
        return new Comparison(lines, slower);
    }

    private static void compare(JsonNode before, Figure now, List<String> lines, List<String> slower) {
        double value = before.path("value").asDouble();
        boolean apart = now.min() > before.path("max").asDouble()
                || now.max() < before.path("min").asDouble();
        boolean few =
                now.rounds().size() < ENOUGH_ROUNDS || before.path("rounds").size() < ENOUGH_ROUNDS;
        double change = value == 0 ? 0 : 100 * (now.median() / value - 1);
        if (now.name().endsWith(".pace") || !apart || Math.abs(change) <= (few ? FEW_ROUNDS_PERCENT : PERCENT)) {
            return;
        }
        boolean better = MORE_IS_BETTER.contains(now.unit()) == change > 0;
        lines.add(String.format(
                Locale.ROOT,
                "%-36s %10s -> %10s %-9s %+5.0f %%  %s",
                now.name(),
                BenchReport.number(value),
                BenchReport.number(now.median()),
                now.unit(),
                change,
                better ? "better" : "WORSE"));
        if (!better) {
            slower.add(now.name());
        }
    }
}
