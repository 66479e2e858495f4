package io.millrace.processor.score;

import io.millrace.deadletter.Redrive;
import io.millrace.event.Event;
import io.millrace.processor.feature.StateVersionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Which events were seen in the last 24 hours, by source and id. Time here is the time of receipt, by the door's clock:
 * a producer's own clock cannot make the memory forget.
 *
 * <p>The store drops whole segments as time passes, so that nothing is ever deleted one by one; a look-up is one point
 * read in each of the two windows that the last 24 hours can touch.
 *
 * <p>What is remembered is written to the store, and so to its changelog, some hundred ids at a time and before each commit: one by
 * one they went out in batches of one or two records to each partition, which cost more than all else that is done with them.
 * Used by one stream thread.
 */
final class SeenEvents {
    static final Duration MEMORY = Duration.ofHours(24);
    /** The store keeps an id in the window of its receipt; two of them cover the memory wherever "now" lies. */
    static final Duration WINDOW = MEMORY;

    /**
     * How far ahead of the clock a receipt may be. The store forgets by the newest time that it was given: one record from the
     * year 9999 would make it forget everybody, for good. So far ahead, it still knows the last 24 hours.
     */
    static final Duration MOST_AHEAD = MEMORY;

    static final Duration RETENTION = MEMORY.plus(WINDOW);

    /**
     * A value: time of receipt in milliseconds, and the hash of its user's key, by which partitions are chosen. Its length
     * is its version: there are too many for a byte more. The first was the time alone.
     */
    static final int VALUE_BYTES = Long.BYTES + Integer.BYTES;

    private static final int KEY_BYTES = 16;
    private static final int MOST_UNWRITTEN = 512;

    private final InternalProcessorContext<?, ?> context;
    private final WindowStore<byte[], byte[]> store;
    private final MessageDigest sha256;
    private final Map<Bytes, Unwritten> unwritten = new LinkedHashMap<>();

    /** An id of a window, and the record that brought it: the changelog has its time. */
    private record Unwritten(byte[] value, long window, ProcessorRecordContext origin) {}

    SeenEvents(InternalProcessorContext<?, ?> context, WindowStore<byte[], byte[]> store) {
        this.context = context;
        this.store = store;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Whether a look-up finds nothing. It remembers nothing yet, so that what fails on the way to the features is as if it had
     * never come.
     *
     * @param redrive of an event that was put back; else null
     */
    boolean isNew(Event event, @Nullable Redrive redrive) {
        Instant received = event.times().received();
        if (redrive == null) {
            return !isSeen(key(event), received, received);
        }
        // What was put back comes with its first receipt, and its producer may have sent it again since.
        return !isSeen(key(redrive, event), redrive.at(), redrive.at())
                && (redrive.taken() || !isSeen(key(event), received, redrive.at()));
    }

    /**
     * Remembers an event that was new.
     *
     * @param user the key of the event's user
     */
    void remember(Event event, @Nullable Redrive redrive, byte[] user) {
        Instant at = redrive == null ? event.times().received() : redrive.at();
        byte[] value = ByteBuffer.allocate(VALUE_BYTES)
                .putLong(at.toEpochMilli())
                .putInt(Utils.murmur2(user))
                .array();
        if (redrive != null) {
            remember(key(redrive, event), value, window(at));
        }
        remember(key(event), value, window(at));
    }

    private void remember(byte[] id, byte[] value, long window) {
        Bytes key = Bytes.wrap(id);
        Unwritten before = unwritten.get(key);
        if (unwritten.size() >= MOST_UNWRITTEN || (before != null && before.window != window)) {
            flush();
        }
        unwritten.put(key, new Unwritten(value, window, context.recordContext()));
    }

    boolean isWritten() {
        return unwritten.isEmpty();
    }

    /** Writes what is remembered. */
    void flush() {
        if (unwritten.isEmpty()) {
            return;
        }
        ProcessorRecordContext before = context.recordContext();
        try {
            unwritten.forEach((key, id) -> {
                context.setRecordContext(id.origin);
                store.put(key.get(), id.value, id.window);
            });
        } finally {
            context.setRecordContext(before);
        }
        unwritten.clear();
    }

    /** Whether there is an entry younger than {@link #MEMORY} before the receipt, in any window up to a later time. */
    private boolean isSeen(byte[] key, Instant received, Instant until) {
        long window = WINDOW.toMillis();
        long oldest = received.minus(MEMORY).toEpochMilli();
        long kept = until.minus(RETENTION).toEpochMilli();
        Unwritten noted = unwritten.get(Bytes.wrap(key));
        if (noted != null && noted.window <= window(until) && received(noted.value) > oldest) {
            return true;
        }
        for (long start = window(until); start + window > Math.max(oldest, kept) && start >= 0; start -= window) {
            byte[] seen = store.fetch(key, start);
            if (seen != null && received(seen) > oldest) {
                return true;
            }
        }
        return false;
    }

    private static long received(byte[] value) {
        if (value.length != VALUE_BYTES && value.length != Long.BYTES) {
            throw new StateVersionException("store " + ScoreStores.SEEN, value.length, VALUE_BYTES);
        }
        return ByteBuffer.wrap(value).getLong();
    }

    private static long window(Instant at) {
        return Math.floorDiv(at.toEpochMilli(), WINDOW.toMillis()) * WINDOW.toMillis();
    }

    /**
     * Forgets the ids of a user's events; looks at every id of the partition, a second or so for a million. An id of another
     * user goes too where the two have the same hash of 32 bits.
     *
     * @param user the key of the user
     * @return how many
     */
    int forget(byte[] user) {
        flush();
        int hash = Utils.murmur2(user);
        List<Windowed<byte[]>> found = new ArrayList<>();
        try (KeyValueIterator<Windowed<byte[]>, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Windowed<byte[]>, byte[]> entry = all.next();
                // A value of an earlier release does not tell whose it is, and goes with its day.
                if (entry.value.length >= VALUE_BYTES
                        && ByteBuffer.wrap(entry.value).getInt(Long.BYTES) == hash) {
                    found.add(entry.key);
                }
            }
        }
        found.forEach(key -> store.put(key.key(), null, key.window().start()));
        return found.size();
    }

    /** What a record of this store's changelog says: Streams puts the window's start and a sequence number behind the key. */
    static MovedState.Seen moved(byte[] key, byte @Nullable [] value) {
        return new MovedState.Seen(
                Arrays.copyOf(key, KEY_BYTES), ByteBuffer.wrap(key).getLong(KEY_BYTES), value);
    }

    /** 128 bits of SHA-256: short keys, and no producer can make two of its ids meet. */
    private byte[] key(Event event) {
        return key(event.source().name(), event.id().value());
    }

    /** No source is empty, so no event has the key of a redrive. */
    private byte[] key(Redrive redrive, Event event) {
        return key("", redrive.letter().text() + "/" + event.id().value());
    }

    private byte[] key(String source, String id) {
        sha256.update(source.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
        sha256.update(id.getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(sha256.digest(), KEY_BYTES);
    }
}
