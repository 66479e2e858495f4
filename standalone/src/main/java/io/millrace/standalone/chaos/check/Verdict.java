package io.millrace.standalone.chaos.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the checker found. Not thread-safe while it is made. */
public final class Verdict {
    private static final int EXAMPLES = 5;

    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<Violation, Long> violations = new EnumMap<>(Violation.class);
    private final Map<Violation, List<String>> examples = new EnumMap<>(Violation.class);

    Verdict() {}

    void count(String what, long number) {
        counts.put(what, number);
    }

    void found(Violation violation, String example) {
        violations.merge(violation, 1L, Long::sum);
        List<String> shown = examples.computeIfAbsent(violation, unused -> new ArrayList<>());
        if (shown.size() < EXAMPLES) {
            shown.add(example);
        }
    }

    /** Nothing was violated. */
    public boolean isClean() {
        return violations.isEmpty();
    }

    /** How many of each kind; kinds without one are not in it. */
    public Map<Violation, Long> violations() {
        return Map.copyOf(violations);
    }

    /** How many of what was looked at, by what it is. */
    public Map<String, Long> counts() {
        return Map.copyOf(counts);
    }

    /** Counts, then each kind of violation with its first examples. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        counts.forEach((what, number) -> lines.add(String.format("%-34s %,12d", what, number)));
        if (isClean()) {
            lines.add("verdict: nothing lost, doubled, reordered or stored differently");
            return lines;
        }
        violations.forEach((violation, number) -> {
            lines.add(String.format("VIOLATED %s: %,d %s", violation.text(), number, violation.sentence()));
            examples.getOrDefault(violation, List.of()).forEach(example -> lines.add("    " + example));
        });
        lines.add("verdict: VIOLATED");
        return lines;
    }
}
