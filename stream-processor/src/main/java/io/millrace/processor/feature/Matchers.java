package io.millrace.processor.feature;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The sets of event names that features are over, each with a number; an event's name leads to the numbers of its sets. */
final class Matchers {
    private final List<Set<String>> sets = new ArrayList<>();
    private Map<String, long[]> byName = Map.of();
    private long[] others = {};

    /** The number of a set; the empty one is of all events. */
    int of(List<String> names) {
        Set<String> set = new TreeSet<>(names);
        if (!sets.contains(set)) {
            sets.add(set);
        }
        return sets.indexOf(set);
    }

    /** To be called when all sets are known. */
    void seal() {
        Map<String, long[]> bits = new HashMap<>();
        for (Set<String> set : sets) {
            for (String name : set) {
                bits.computeIfAbsent(name, this::bits);
            }
        }
        byName = bits;
        others = bits("");
    }

    /** One bit a set. */
    long[] matched(String name) {
        return byName.getOrDefault(name, others);
    }

    /** The bits of no event at all: not even the set of all events has it. */
    long[] none() {
        return new long[(sets.size() + 63) >>> 6];
    }

    private long[] bits(String name) {
        long[] bits = new long[(sets.size() + 63) >>> 6];
        for (int i = 0; i < sets.size(); i++) {
            if (sets.get(i).isEmpty() || sets.get(i).contains(name)) {
                bits[i >>> 6] |= 1L << i;
            }
        }
        return bits;
    }
}
