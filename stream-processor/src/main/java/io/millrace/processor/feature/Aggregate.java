package io.millrace.processor.feature;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * One bounded summary of a user's past that features read, shared by all models that declare the same.
 *
 * <p>In a {@link UserState} it is a run of slots of {@code width} longs, sorted by the first of them, the key: a pane or
 * a time. Classes and not records with an interface, because the two families share how slots are found, kept and dropped,
 * and this is the hot path: final fields, one virtual call an aggregate.
 */
abstract sealed class Aggregate permits Windowed, Latest {
    /**
     * Where an aggregate stands in its plan.
     *
     * @param index its number
     * @param definition all that its meaning depends on; never changes once released, for the hash finds the bytes
     * @param matcher which events it takes
     * @param lateness in milliseconds
     */
    record Place(int index, String definition, int matcher, long lateness) {}

    final int index;
    final long hash;
    final int width;
    private final int matcher;
    private final long lateness;

    Aggregate(Place place, int width) {
        this.index = place.index();
        this.hash = hash(place.definition());
        this.width = width;
        this.matcher = place.matcher();
        this.lateness = place.lateness();
    }

    /** The first 64 bits of the definition's SHA-256: the aggregate's name in the bytes of every state. */
    static long hash(String definition) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(definition.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether the event has what this aggregate summarizes. */
    boolean takes(Observation o) {
        return o.matches(matcher);
    }

    boolean tooLate(UserState state, Observation o) {
        return state.newest - o.time() > lateness;
    }

    /** Takes the event in; {@code state.newest} is already this event's time or later, and it is not too late. */
    abstract void absorb(UserState state, Observation o);

    /** The key of a time. */
    abstract long key(long time);

    /** The least key that is retained. */
    abstract long oldest(long newest);

    abstract int mostSlots();

    /** Of one slot, its key included. */
    abstract int mostSlotBytes();

    /** Writes a slot but for its key. */
    abstract void write(StateWriter out, long[] words, int at);

    /** Reads what {@link #write} wrote. */
    abstract void read(StateReader in, long[] words, int at);
}
