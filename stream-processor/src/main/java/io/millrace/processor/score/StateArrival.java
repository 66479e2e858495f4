package io.millrace.processor.score;

import io.millrace.processor.quality.UserOutcomes;
import io.millrace.quality.QualityRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * A task's taking over of state. Users and seen events go into their stores at once; counts wait in the store beside the
 * task's own, for they are added up and may come again, and are added when the end comes, in the transaction that takes the
 * end. That the end has come is a mark in the same store: after it nothing is taken over any more, and events may come.
 *
 * <p>Belongs to the task's thread.
 */
final class StateArrival {
    /** Keys of the store quality that begin with it are this class's. */
    static final byte OWN = '~';

    private static final byte[] MARK = {OWN, '!'};

    private final int partition;
    private final int partitions;
    private final StateGate gate;
    private final RecentUsers users;
    private final WindowStore<byte[], byte[]> seen;
    private final KeyValueStore<byte[], byte[]> quality;
    private boolean over;

    /** @param partitions of the layout; 0 where it does not matter, because nothing arrives */
    StateArrival(
            int partition,
            int partitions,
            StateGate gate,
            RecentUsers users,
            WindowStore<byte[], byte[]> seen,
            KeyValueStore<byte[], byte[]> quality) {
        this.partition = partition;
        this.partitions = partitions;
        this.gate = gate;
        this.users = users;
        this.seen = seen;
        this.quality = quality;
        this.over = gate.isOpen(partition) || quality.get(MARK) != null;
        if (over) {
            gate.open(partition);
        }
    }

    /** Whether everything is here. */
    boolean isOver() {
        return over;
    }

    /**
     * Takes a piece.
     *
     * @param outcomes that counts are added to
     * @param emptied told of counts that stand under a partition that is no more: they are none now
     */
    void take(MovedState moved, UserOutcomes outcomes, long nowMillis, Consumer<QualityRecord> emptied) {
        if (over) {
            return;
        }
        if (moved instanceof MovedState.User user) {
            users.put(user.key(), user.value());
        } else if (moved instanceof MovedState.Seen event) {
            seen.put(event.key(), event.value(), event.window());
        } else if (moved instanceof MovedState.Counts counts) {
            quality.put(key(counts.partition(), counts.key()), counts.value());
        } else if (moved instanceof MovedState.End) {
            addCounts(outcomes, nowMillis, emptied);
            quality.put(MARK, new byte[] {1});
            over = true;
            gate.open(partition);
        }
    }

    private void addCounts(UserOutcomes outcomes, long nowMillis, Consumer<QualityRecord> emptied) {
        List<KeyValue<byte[], byte[]>> waiting = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> all = quality.all()) {
            all.forEachRemaining(entry -> {
                if (isOwn(entry.key)) {
                    waiting.add(entry);
                }
            });
        }
        for (KeyValue<byte[], byte[]> entry : waiting) {
            int from = ByteBuffer.wrap(entry.key).getInt(1);
            String key = new String(
                    Arrays.copyOfRange(entry.key, 1 + Integer.BYTES, entry.key.length), StandardCharsets.UTF_8);
            outcomes.add(key, entry.value, nowMillis);
            if (from >= partitions) {
                outcomes.none(key, from, nowMillis).ifPresent(emptied);
            }
            quality.put(entry.key, null);
        }
    }

    /** The task goes. */
    void close() {
        gate.forget(partition);
    }

    static boolean isOwn(byte @Nullable [] key) {
        return key != null && key.length > 0 && key[0] == OWN;
    }

    private static byte[] key(int from, String key) {
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Integer.BYTES + text.length)
                .put(OWN)
                .putInt(from)
                .put(text)
                .array();
    }
}
