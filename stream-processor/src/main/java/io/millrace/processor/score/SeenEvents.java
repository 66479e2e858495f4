package io.millrace.processor.score;

import io.millrace.event.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Which events were seen in the last 24 hours, by source and id. Time here is the time of receipt, by the door's clock:
 * a producer's own clock cannot make the memory forget.
 *
 * <p>The store drops whole segments as time passes, so that nothing is ever deleted one by one; a look-up is one point
 * read in each of the two windows that the last 24 hours can touch. Used by one stream thread.
 */
final class SeenEvents {
    static final Duration MEMORY = Duration.ofHours(24);
    /** The store keeps an id in the window of its receipt; two of them cover the memory wherever "now" lies. */
    static final Duration WINDOW = MEMORY;

    static final Duration RETENTION = MEMORY.plus(WINDOW);

    /** A value: time of receipt in milliseconds, and the hash of its user's key, by which partitions are chosen. */
    static final int VALUE_BYTES = Long.BYTES + Integer.BYTES;

    private static final int KEY_BYTES = 16;

    private final WindowStore<byte[], byte[]> store;
    private final MessageDigest sha256;

    SeenEvents(WindowStore<byte[], byte[]> store) {
        this.store = store;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Remembers the event; false if it was seen less than {@link #MEMORY} before.
     *
     * @param user the key of the event's user
     */
    boolean isNew(Event event, byte[] user) {
        byte[] key = key(event);
        Instant received = event.times().received();
        long window = WINDOW.toMillis();
        long current = Math.floorDiv(received.toEpochMilli(), window) * window;
        long oldest = received.minus(MEMORY).toEpochMilli();
        for (long start = current; start + window > oldest && start >= 0; start -= window) {
            byte[] seen = store.fetch(key, start);
            if (seen != null && ByteBuffer.wrap(seen).getLong() > oldest) {
                return false;
            }
        }
        byte[] value = ByteBuffer.allocate(VALUE_BYTES)
                .putLong(received.toEpochMilli())
                .putInt(Utils.murmur2(user))
                .array();
        store.put(key, value, current);
        return true;
    }

    /** What a record of this store's changelog says: Streams puts the window's start and a sequence number behind the key. */
    static MovedState.Seen moved(byte[] key, byte @Nullable [] value) {
        return new MovedState.Seen(
                Arrays.copyOf(key, KEY_BYTES), ByteBuffer.wrap(key).getLong(KEY_BYTES), value);
    }

    /** 128 bits of SHA-256: short keys, and no producer can make two of its ids meet. */
    private byte[] key(Event event) {
        sha256.update(event.source().name().getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
        sha256.update(event.id().value().getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(sha256.digest(), KEY_BYTES);
    }
}
