package io.millrace.processor.score;

import io.millrace.processor.feature.UserState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One task's users who came lately: their values, written to the store and so to its changelog once a commit however often
 * they change, and what was read from them, so that who comes again is not read again. Streams' own cache does the first
 * for twice the price of all else that is done with the value, and cannot do the second.
 *
 * <p>Bounded by a share of a cache that all tasks of the process divide; who came least lately goes first. Who asks the store sees users
 * as of the last commit. Used by one thread.
 */
final class RecentUsers {
    /** Objects and references of an entry, about. */
    private static final int ENTRY_BYTES = 240;

    private final InternalProcessorContext<?, ?> context;
    private final KeyValueStore<byte[], byte[]> store;
    private final SharedCache cache;
    private final Map<Bytes, User> users = new LinkedHashMap<>(64, 0.75f, true);
    private final Set<User> unwritten = new LinkedHashSet<>();
    private long held;

    /** A user's value as it is, in the store or not yet. */
    static final class User {
        private final Bytes key;
        private byte @Nullable [] value;
        private @Nullable UserState state;
        private @Nullable ProcessorRecordContext origin;
        private long bytes;

        private User(Bytes key, byte @Nullable [] value) {
            this.key = key;
            this.value = value;
        }

        /** Null where nothing is known of it. */
        byte @Nullable [] value() {
            return value;
        }

        /**
         * What the value says of the features, where that was read before: for whoever takes an event, who gives it back
         * with the value that it has then, or not at all.
         */
        @Nullable
        UserState takeState() {
            UserState taken = state;
            state = null;
            return taken;
        }

        private long size() {
            return ENTRY_BYTES
                    + key.get().length
                    + (value == null ? 0 : value.length)
                    + (state == null ? 0 : state.heapBytes());
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
            return known;
        }
        User read = new User(of, store.get(key));
        keep(read);
        return read;
    }

    /** @param state as the value has it; the user's from now on */
    void put(User user, byte[] value, UserState state) {
        user.state = state;
        put(user, value);
    }

    /** Another value with the same state. */
    void put(User user, byte @Nullable [] value) {
        user.value = value;
        user.origin = context.recordContext();
        unwritten.add(user);
        keep(user);
    }

    /** Another value, of whatever state. */
    void put(byte[] key, byte @Nullable [] value) {
        User user = get(key);
        user.state = null;
        put(user, value);
    }

    /** What was read of a user could not be used: it is read again when it is asked for, unless it is not written yet. */
    void forget(User user) {
        if (!unwritten.contains(user) && users.remove(user.key) != null) {
            drop(user);
        }
    }

    /** Who came least lately goes for it, where the share is used up. */
    private void keep(User user) {
        drop(user);
        user.bytes = user.size();
        held += user.bytes;
        users.put(user.key, user);
        long share = cache.share();
        Iterator<User> eldest = users.values().iterator();
        while (held > share) {
            User going = eldest.next();
            if (unwritten.remove(going)) {
                ProcessorRecordContext before = context.recordContext();
                try {
                    write(going);
                } finally {
                    context.setRecordContext(before);
                }
            }
            drop(going);
            eldest.remove();
        }
    }

    private void drop(User user) {
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
        context.setRecordContext(user.origin);
        store.put(user.key.get(), user.value);
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
        unwritten.clear();
    }
}
