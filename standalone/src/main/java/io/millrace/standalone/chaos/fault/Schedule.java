package io.millrace.standalone.chaos.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * When what is done: a pure function of seed, duration, kinds and the parts there are. Faults are dealt from a shuffled deck in
 * which each kind and each sort of part is, so that a run of some minutes has seen all of them, and a longer one in other orders.
 */
public final class Schedule {
    private static final Duration LEAD = Duration.ofSeconds(4);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(14);
    private static final Duration SHORTEST_GAP = Duration.ofSeconds(3);
    private static final int SHORT_HOLD_MILLIS = 1_500;
    /** Beyond 15 s, the longest session timeout that Millrace sets. */
    private static final int LONG_HOLD_MILLIS = 19_000;

    private static final List<String> SORTS = List.of("broker", "processor", "ingest", "postgres");

    private Schedule() {}

    /** How many there are of what; all are named part-1, part-2 and so on, but postgres. */
    public record Shape(int brokers, int processors, int doors) {}

    /** The faults in the order of their times. */
    public static List<Fault> of(long seed, Duration duration, Set<FaultKind> kinds, Shape shape) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Fault> faults = new ArrayList<>();
        List<Fault> deck = deck(kinds, shape, random);
        if (deck.isEmpty()) {
            return List.of();
        }
        long room = duration.minus(LEAD).toMillis();
        long gap = Math.min(LONGEST_GAP.toMillis(), Math.max(SHORTEST_GAP.toMillis(), room / deck.size()));
        for (long at = LEAD.toMillis(); at < duration.toMillis(); at += gap * 3 / 4 + random.nextLong(gap / 2)) {
            if (deck.isEmpty()) {
                deck = deck(kinds, shape, random);
            }
            Fault card = deck.remove(random.nextInt(deck.size()));
            faults.add(new Fault(Duration.ofMillis(at), card.kind(), card.target(), card.hold(), card.way()));
        }
        return faults;
    }

    private static List<Fault> deck(Set<FaultKind> kinds, Shape shape, SplittableRandom random) {
        List<Fault> deck = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            if (kinds.contains(kind)) {
                deal(kind, shape, random, deck);
            }
        }
        return deck;
    }

    private static void deal(FaultKind kind, Shape shape, SplittableRandom random, List<Fault> deck) {
        switch (kind) {
            case KILL, RESTART -> {
                SORTS.forEach(sort -> card(kind, pick(sort, shape, random), shortHold(random), random, deck));
                card(kind, pick("processor", shape, random), shortHold(random), random, deck);
            }
            case PAUSE -> {
                SORTS.forEach(sort -> card(kind, pick(sort, shape, random), shortHold(random), random, deck));
                card(kind, pick("processor", shape, random), longHold(random), random, deck);
                card(kind, pick("broker", shape, random), longHold(random), random, deck);
                card(kind, pick("ingest", shape, random), longHold(random), random, deck);
            }
            case CUT, SLOW -> links(kind, shape, random, deck);
            case DISK ->
                card(kind, "broker-" + shape.brokers(), longHold(random).dividedBy(2), random, deck);
            case SKEW -> {
                card(kind, pick("processor", shape, random), longHold(random), random, deck);
                card(kind, pick("ingest", shape, random), longHold(random), random, deck);
            }
            case ROLL -> card(kind, "", Duration.ZERO, random, deck);
            case SCALE -> {
                card(kind, "", Duration.ZERO, random, deck);
                card(kind, "", Duration.ZERO, random, deck);
            }
        }
    }

    private static void links(FaultKind kind, Shape shape, SplittableRandom random, List<Fault> deck) {
        int broker = 1 + random.nextInt(shape.brokers());
        card(kind, pick("processor", shape, random) + "-to-broker-" + broker, middleHold(random), random, deck);
        card(kind, pick("ingest", shape, random) + "-to-broker", middleHold(random), random, deck);
        card(kind, pick("processor", shape, random) + "-to-", longHold(random), random, deck);
        card(kind, "brokers-to-" + pick("broker", shape, random), middleHold(random), random, deck);
        card(kind, pick("processor", shape, random) + "-to-postgres", middleHold(random), random, deck);
    }

    private static String pick(String sort, Shape shape, SplittableRandom random) {
        return switch (sort) {
            case "broker" -> "broker-" + (1 + random.nextInt(shape.brokers()));
            case "processor" -> "processor-" + (1 + random.nextInt(shape.processors()));
            case "ingest" -> "ingest-" + (1 + random.nextInt(shape.doors()));
            default -> sort;
        };
    }

    private static Duration shortHold(SplittableRandom random) {
        return Duration.ofMillis(random.nextInt(SHORT_HOLD_MILLIS, 2 * SHORT_HOLD_MILLIS));
    }

    private static Duration middleHold(SplittableRandom random) {
        return Duration.ofMillis(random.nextInt(SHORT_HOLD_MILLIS, LONG_HOLD_MILLIS));
    }

    private static Duration longHold(SplittableRandom random) {
        return Duration.ofMillis(random.nextInt(LONG_HOLD_MILLIS, LONG_HOLD_MILLIS + 8_000));
    }

    private static void card(FaultKind kind, String target, Duration hold, SplittableRandom random, List<Fault> deck) {
        deck.add(new Fault(Duration.ZERO, kind, target, hold, random.nextInt(2)));
    }
}
