package io.millrace.processor.score;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Fills a {@link SeenFilter} with what a store has already, window by window as they are asked for, a piece now and then;
 * until a window is through, every key may be in it. Used by one thread.
 */
final class SeenScan {
    private static final int KEYS_A_PIECE = 1_000;
    /** Look-ups from one piece to the next, so that building costs each about as much as the look-up itself. */
    private static final int LOOKUPS_A_PIECE = 128;

    private final WindowStore<Bytes, byte[]> store;
    private final SeenFilter filter;
    private final Map<Long, Progress> windows = new HashMap<>();
    private long newest = Long.MIN_VALUE;

    private static final class Progress {
        @Nullable
        Bytes to;

        boolean through;
        int lookups;
    }

    SeenScan(WindowStore<Bytes, byte[]> store, HeapRoom room) {
        this.store = store;
        this.filter = new SeenFilter(room);
    }

    /** A key that is put into the store. */
    void add(byte[] key, long window) {
        if (window > newest) {
            newest = window;
            // As the store does with its segments.
            long oldest = newest - SeenEvents.RETENTION.toMillis();
            filter.dropBefore(oldest);
            windows.keySet().removeIf(one -> one < oldest);
        }
        if (!isOver(window)) {
            filter.add(key, window);
        }
    }

    /** Whether the store keeps nothing of it any more. */
    private boolean isOver(long window) {
        return window < newest && newest - window > SeenEvents.RETENTION.toMillis();
    }

    /** Whether the store may have the key; if not, it has not. */
    boolean mayHave(byte[] key, long window) {
        if (isOver(window)) {
            return true;
        }
        Progress progress = windows.computeIfAbsent(window, unused -> new Progress());
        if (!progress.through && progress.lookups++ % LOOKUPS_A_PIECE == 0) {
            scan(progress, window);
        }
        return !progress.through || filter.mayHave(key, window);
    }

    private void scan(Progress progress, long window) {
        try (KeyValueIterator<Windowed<Bytes>, byte[]> found = store.fetch(progress.to, null, window, window)) {
            for (int i = 0; i < KEYS_A_PIECE; i++) {
                if (!found.hasNext()) {
                    progress.through = true;
                    return;
                }
                progress.to = found.next().key.key();
                filter.add(progress.to.get(), window);
            }
        }
    }

    /** The store has more than was put through here. */
    void restart() {
        windows.clear();
        filter.close();
    }

    void close() {
        restart();
    }
}
