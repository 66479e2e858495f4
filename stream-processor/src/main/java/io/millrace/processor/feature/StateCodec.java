package io.millrace.processor.feature;

/**
 * The bytes of a {@link UserState}, version 1. Integers are varints, fixed ones little endian:
 *
 * <pre>
 * version        1 byte
 * newest + 1     varint, 0 when there was no event
 * aggregates     varint, then each, in ascending order of hash:
 *   hash         8 bytes
 *   length       varint, of what follows
 *   slots        varint
 *   slot         key: varint, the first as newest's key − key, the others as key − key before; then the aggregate's own
 * </pre>
 *
 * What a release has written, later ones read; the fixture state-v1.hex holds them to it. An aggregate that no deployed
 * model declares is passed over and so is gone with the next writing.
 */
final class StateCodec {
    static final int VERSION = 1;
    private static final int HEADER_BYTES = 1 + 7 + 5;
    private static final int AGGREGATE_BYTES = 8 + 5 + 5;

    private final Aggregate[] byHash;

    /** @param byHash in ascending order of hash */
    StateCodec(Aggregate[] byHash) {
        this.byHash = byHash;
    }

    /** What no state's bytes exceed, whatever the user does. */
    long mostBytes() {
        long most = HEADER_BYTES;
        for (Aggregate aggregate : byHash) {
            most += AGGREGATE_BYTES + (long) aggregate.mostSlots() * aggregate.mostSlotBytes();
        }
        return most;
    }

    byte[] encode(UserState state) {
        int most = HEADER_BYTES;
        int aggregates = 0;
        for (Aggregate aggregate : byHash) {
            state.dropBelow(aggregate, aggregate.oldest(state.newest));
            int slots = state.count(aggregate);
            if (slots > 0) {
                aggregates++;
                most += AGGREGATE_BYTES + slots * aggregate.mostSlotBytes();
            }
        }
        StateWriter out = new StateWriter(most);
        out.octet(VERSION);
        out.varint(state.newest + 1);
        out.varint(aggregates);
        for (Aggregate aggregate : byHash) {
            if (state.count(aggregate) > 0) {
                write(out, aggregate, state);
            }
        }
        return out.toBytes();
    }

    private static void write(StateWriter out, Aggregate aggregate, UserState state) {
        out.fixed64(aggregate.hash);
        int begin = out.begin();
        int slots = state.count(aggregate);
        out.varint(slots);
        long[] words = state.words;
        int at = state.slot(aggregate, 0);
        long before = 2 * words[at] - aggregate.key(state.newest);
        for (int i = 0; i < slots; i++, at += aggregate.width) {
            long key = words[at];
            out.varint(key - before);
            before = key;
            aggregate.write(out, words, at);
        }
        out.end(begin);
    }

    UserState decode(FeaturePlan plan, byte[] bytes, int offset, int length) {
        StateReader in = new StateReader(bytes, offset, length);
        int version = in.octet();
        if (version > VERSION) {
            throw new StateVersionException("store users, its features' part,", version, VERSION);
        }
        if (version != VERSION) {
            throw in.corrupt("version " + version + ": expected " + VERSION);
        }
        UserState state = new UserState(plan);
        state.newest = in.varint() - 1;
        if (state.newest < UserState.NEVER || state.newest > Observation.LATEST) {
            throw in.corrupt("newest event time " + state.newest + ": expected 0 to " + Observation.LATEST);
        }
        int[] parts = new int[byHash.length];
        survey(in, state, parts);
        state.allocate();
        for (int i = 0; i < byHash.length; i++) {
            if (state.count(byHash[i]) > 0) {
                in.moveTo(parts[i]);
                read(in, byHash[i], state);
            }
        }
        return state;
    }

    /** Finds where each known aggregate's slots begin and how many there are, so that all get their room at once. */
    private void survey(StateReader in, UserState state, int[] parts) {
        int known = 0;
        long before = Long.MIN_VALUE;
        for (long left = in.varint(); left != 0; left--) {
            long hash = in.fixed64();
            if (hash <= before && before != Long.MIN_VALUE) {
                throw in.corrupt("aggregates out of order");
            }
            before = hash;
            long size = in.varint();
            if (size < 1 || size > in.remaining()) {
                throw in.corrupt("part of " + size + " bytes: expected 1 to " + in.remaining());
            }
            int end = in.position() + (int) size;
            while (known < byHash.length && byHash[known].hash < hash) {
                known++;
            }
            if (known < byHash.length && byHash[known].hash == hash) {
                long slots = in.varint();
                if (slots < 1 || slots > size || state.newest == UserState.NEVER) {
                    throw in.corrupt(
                            slots + " slots in " + size + " bytes: expected at least 1, of a user with events");
                }
                state.expect(byHash[known], (int) slots);
                parts[known] = in.position();
            }
            in.moveTo(end);
        }
        if (in.remaining() != 0) {
            throw in.corrupt(in.remaining() + " bytes more than expected");
        }
    }

    private static void read(StateReader in, Aggregate aggregate, UserState state) {
        long newest = aggregate.key(state.newest);
        int slots = state.count(aggregate);
        int at = state.slot(aggregate, 0);
        long key = newest - in.varint();
        for (int i = 0; i < slots; i++, at += aggregate.width) {
            long step = i == 0 ? 0 : in.varint();
            key += step;
            if (step < 0 || key < 0 || key > newest) {
                throw in.corrupt("key " + key + ": expected 0 to " + newest);
            }
            state.words[at] = key;
            aggregate.read(in, state.words, at);
        }
    }
}
