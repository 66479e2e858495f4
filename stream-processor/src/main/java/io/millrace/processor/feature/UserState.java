package io.millrace.processor.feature;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a {@link FeaturePlan} remembers of one user, between reading it from the store and writing it back.
 *
 * <p>Mutable and owned by one thread; only the plan that made it may use it. All slots of all aggregates stand in one
 * array, each aggregate's with room for at least one more, so that reading a state, taking one event in and writing it
 * allocates a handful of arrays.
 */
public final class UserState {
    /** The newest event time when there was no event. */
    static final long NEVER = -1;

    /** The object itself and the heads of its arrays. */
    private static final int OBJECT_BYTES = 112;

    final FeaturePlan plan;
    long newest = NEVER;
    long[] words = {};
    final int[] starts;
    final int[] counts;
    final int[] rooms;

    UserState(FeaturePlan plan) {
        int aggregates = plan.aggregates.length;
        this.plan = plan;
        this.starts = new int[aggregates];
        this.counts = new int[aggregates];
        this.rooms = new int[aggregates];
    }

    /** Whether no event has been taken in. */
    public boolean isEmpty() {
        return newest == NEVER;
    }

    /** The time of the newest event, as features use it; empty where there was none. */
    public Optional<Instant> newest() {
        return isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(newest));
    }

    /** Of which plan it is: only that one may use it. */
    public boolean isOf(FeaturePlan other) {
        return plan == other;
    }

    /** Its {@link FeaturePlan#encode encoded} form, by its own plan. */
    public byte[] toBytes() {
        return plan.encode(this);
    }

    /** About what it takes of the heap. */
    public long heapBytes() {
        return OBJECT_BYTES + (long) words.length * Long.BYTES + 3L * counts.length * Integer.BYTES;
    }

    int count(Aggregate aggregate) {
        return counts[aggregate.index];
    }

    /** Where the aggregate's i-th slot begins in {@link #words}. */
    int slot(Aggregate aggregate, int i) {
        return starts[aggregate.index] + i * aggregate.width;
    }

    /** How many of the aggregate's slots have no greater key; looks from the end, where most events belong. */
    int upTo(Aggregate aggregate, long key) {
        int i = counts[aggregate.index];
        int at = slot(aggregate, i);
        while (i > 0 && words[at - aggregate.width] > key) {
            at -= aggregate.width;
            i--;
        }
        return i;
    }

    /** Makes a zeroed slot the i-th and returns where it begins. */
    int insert(Aggregate aggregate, int i) {
        int index = aggregate.index;
        if (counts[index] == rooms[index]) {
            grow(aggregate);
        }
        int at = slot(aggregate, i);
        int width = aggregate.width;
        System.arraycopy(words, at, words, at + width, (counts[index] - i) * width);
        Arrays.fill(words, at, at + width, 0);
        counts[index]++;
        return at;
    }

    void dropFirst(Aggregate aggregate, int number) {
        int index = aggregate.index;
        counts[index] -= number;
        int at = starts[index];
        System.arraycopy(words, at + number * aggregate.width, words, at, counts[index] * aggregate.width);
    }

    /** Drops the slots with lesser keys and returns how many. */
    int dropBelow(Aggregate aggregate, long key) {
        int below = 0;
        while (below < count(aggregate) && words[slot(aggregate, below)] < key) {
            below++;
        }
        if (below > 0) {
            dropFirst(aggregate, below);
        }
        return below;
    }

    /** Notes how many slots an aggregate will have; {@link #allocate} follows. */
    void expect(Aggregate aggregate, int slots) {
        counts[aggregate.index] = slots;
    }

    /** Makes room for the slots that were announced, and one more each. */
    void allocate() {
        int size = 0;
        for (Aggregate aggregate : plan.aggregates) {
            int index = aggregate.index;
            starts[index] = size;
            rooms[index] = counts[index] + 1;
            size += rooms[index] * aggregate.width;
        }
        words = new long[size];
    }

    /** Doubles one aggregate's room; happens where many events are taken in between two writings. */
    private void grow(Aggregate full) {
        long[] old = words;
        rooms[full.index] = 2 * rooms[full.index];
        int size = 0;
        for (Aggregate aggregate : plan.aggregates) {
            size += rooms[aggregate.index] * aggregate.width;
        }
        words = new long[size];
        int start = 0;
        for (Aggregate aggregate : plan.aggregates) {
            int index = aggregate.index;
            System.arraycopy(old, starts[index], words, start, counts[index] * aggregate.width);
            starts[index] = start;
            start += rooms[index] * aggregate.width;
        }
    }
}
