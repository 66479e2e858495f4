package io.millrace.processor.score;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One task's users who came lately: their values, encoded and written to the store and so to its changelog once a commit however
 * often they change, and what was read from them, so that who comes again is not read again. Streams' own cache does the
 * writing for twice the price of all else that is done with the value, and cannot do the rest.
 *
 * <p>Bounded by a share of a cache that all tasks of the process divide. Who goes is found by a second chance (the clock of
 * Corbató, 1968): who came since the hand passed stays for another round. An order of use would write references between old
 * objects at each event, all of which the garbage collector must look at. Who asks the store sees users as of the last commit.
 * Used by one thread.
 */
final class RecentUsers {
    /** Objects and references of an entry, about. */
    private static final int ENTRY_BYTES = 240;

    private static final int NOWHERE = -1;

    private final InternalProcessorContext<?, ?> context;
    private final KeyValueStore<byte[], byte[]> store;
    private final SharedCache cache;
    private final Map<Bytes, User> users = new HashMap<>();
    private final List<User> round = new ArrayList<>();
    private final List<User> unwritten = new ArrayList<>();
    private int hand;
    private long held;

    /** A user's value as it is, in the store or not yet. */
    static final class User {
        private final Bytes key;
        private UserValue value;
        private @Nullable ProcessorRecordContext origin;
        private int inRound = NOWHERE;
        private int inUnwritten = NOWHERE;
        private boolean cameAgain;
        private long bytes;

        private User(Bytes key, byte @Nullable [] stored) {
            this.key = key;
            this.value = new UserValue(stored);
        }

        /** Whoever changes it {@link RecentUsers#put}s the user. */
        UserValue value() {
            return value;
        }
    }

    RecentUsers(InternalProcessorContext<?, ?> context, KeyValueStore<byte[], byte[]> store, SharedCache cache) {
        this.context = context;
        this.store = store;
        this.cache = cache;
        cache.join();
    }

    /** What is known of a user, for the use before the next one is asked for. */
    User get(byte[] key) {
        Bytes of = Bytes.wrap(key);
        User known = users.get(of);
        if (known != null) {
            known.cameAgain = true;
            return known;
        }
        User read = new User(of, store.get(key));
        keep(read);
        return read;
    }

    /** Its value has changed. */
    void put(User user) {
        user.origin = context.recordContext();
        if (user.inUnwritten == NOWHERE) {
            user.inUnwritten = unwritten.size();
            unwritten.add(user);
        }
        keep(user);
    }

    /** Another value, whatever it was. */
    void put(byte[] key, byte @Nullable [] value) {
        User user = get(key);
        user.value = new UserValue(value);
        put(user);
    }

    /** What was read of a user could not be used: it is read again when it is asked for, unless it is not written yet. */
    void forget(User user) {
        if (user.inUnwritten == NOWHERE) {
            remove(user);
        }
    }

    private void keep(User user) {
        if (user.inRound == NOWHERE) {
            users.put(user.key, user);
            user.inRound = round.size();
            user.cameAgain = false;
            round.add(user);
        }
        long bytes = ENTRY_BYTES + user.key.get().length + user.value.heapBytes();
        held += bytes - user.bytes;
        user.bytes = bytes;
        long share = cache.share();
        while (held > share && !round.isEmpty()) {
            turn();
        }
    }

    /** Looks at one more user, who goes or gets a second chance. */
    private void turn() {
        hand = hand < round.size() ? hand : 0;
        User user = round.get(hand);
        // Where one goes, the last takes its place; it came but now and is for the next round.
        hand++;
        if (user.cameAgain) {
            user.cameAgain = false;
            return;
        }
        if (user.inUnwritten != NOWHERE) {
            User last = unwritten.remove(unwritten.size() - 1);
            if (last != user) {
                unwritten.set(user.inUnwritten, last);
                last.inUnwritten = user.inUnwritten;
            }
            ProcessorRecordContext before = context.recordContext();
            try {
                write(user);
            } finally {
                context.setRecordContext(before);
            }
        }
        remove(user);
    }

    private void remove(User user) {
        if (user.inRound == NOWHERE) {
            return;
        }
        users.remove(user.key);
        User last = round.remove(round.size() - 1);
        if (last != user) {
            round.set(user.inRound, last);
            last.inRound = user.inRound;
        }
        user.inRound = NOWHERE;
        held -= user.bytes;
        user.bytes = 0;
    }

    boolean isWritten() {
        return unwritten.isEmpty();
    }

    /** Writes what has changed, each in the context of the record that changed it last. */
    void flush() {
        if (unwritten.isEmpty()) {
            return;
        }
        ProcessorRecordContext before = context.recordContext();
        try {
            unwritten.forEach(this::write);
        } finally {
            context.setRecordContext(before);
        }
        unwritten.clear();
    }

    private void write(User user) {
        user.inUnwritten = NOWHERE;
        context.setRecordContext(user.origin);
        store.put(user.key.get(), user.value.bytes());
    }

    /** Users in the order of their keys, from one on. */
    KeyValueIterator<byte[], byte[]> from(byte @Nullable [] key) {
        flush();
        return store.range(key, null);
    }

    /** What is not written is of a transaction that is aborted. */
    void close() {
        cache.leave();
        users.clear();
        round.clear();
        unwritten.clear();
    }
}
