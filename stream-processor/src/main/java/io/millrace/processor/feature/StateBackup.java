package io.millrace.processor.feature;

import java.util.Arrays;

/**
 * A state as it was before an event, so that an event that fails on its way leaves no trace of itself. Keeps its arrays from
 * one event to the next, because there is one for each event. Used by one thread.
 */
public final class StateBackup {
    private long newest;
    private long[] words = {};
    private int length;
    private int[] starts = {};
    private int[] counts = {};
    private int[] rooms = {};

    /** Remembers the state. */
    public void save(UserState state) {
        int aggregates = state.counts.length;
        length = state.words.length;
        if (words.length < length) {
            words = new long[2 * length];
        }
        if (counts.length < aggregates) {
            starts = new int[aggregates];
            counts = new int[aggregates];
            rooms = new int[aggregates];
        }
        newest = state.newest;
        System.arraycopy(state.words, 0, words, 0, length);
        System.arraycopy(state.starts, 0, starts, 0, aggregates);
        System.arraycopy(state.counts, 0, counts, 0, aggregates);
        System.arraycopy(state.rooms, 0, rooms, 0, aggregates);
    }

    /** Makes the state what it was when it was saved last. */
    public void restore(UserState state) {
        int aggregates = state.counts.length;
        state.newest = newest;
        state.words = Arrays.copyOf(words, length);
        System.arraycopy(starts, 0, state.starts, 0, aggregates);
        System.arraycopy(counts, 0, state.counts, 0, aggregates);
        System.arraycopy(rooms, 0, state.rooms, 0, aggregates);
    }
}
