package io.millrace.processor.score;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of most keys that they are in no window, without asking the disk: Bloom filters (Bloom 1970), each twice as large as
 * the one before, as a window grows. With {@value #BITS_A_KEY} bits a key and {@value #HASHES} positions one in a thousand is
 * in doubt a filter, of which a window of a million keys has eight. Keys are digests, so their own bits are the hashes.
 *
 * <p>All filters of a process share a bound. A window that gets no room any more is in doubt for every key, and costs a look
 * into the store as if there were no filter. Used by one thread; the bound is shared.
 */
final class SeenFilter {
    private static final int BITS_A_KEY = 16;
    private static final int HASHES = 6;
    /** Keys of a window's first filter. */
    private static final int FIRST_KEYS = 4096;

    private static final int WORD_BITS = Long.SIZE;

    private final HeapRoom room;
    private final Map<Long, Window> windows = new HashMap<>();

    /** One window's filters, the largest last. */
    private static final class Window {
        final List<long[]> filters = new ArrayList<>();
        int keysLeft;
        /** Whether some of its keys were not noted. */
        boolean inDoubt;
    }

    SeenFilter(HeapRoom room) {
        this.room = room;
    }

    /**
     * Notes a key.
     *
     * @param key at least 16 bytes, spread evenly
     */
    void add(byte[] key, long window) {
        Window one = windows.computeIfAbsent(window, unused -> new Window());
        if (one.inDoubt) {
            return;
        }
        if (one.keysLeft == 0 && !grow(one)) {
            return;
        }
        one.keysLeft--;
        long[] filter = one.filters.get(one.filters.size() - 1);
        long mask = (long) filter.length * WORD_BITS - 1;
        long hash = bits(key, 0);
        long step = bits(key, Long.BYTES) | 1;
        for (int i = 0; i < HASHES; i++, hash += step) {
            long at = hash & mask;
            filter[(int) (at / WORD_BITS)] |= 1L << at;
        }
    }

    private boolean grow(Window window) {
        int filters = window.filters.size();
        long keys = (long) FIRST_KEYS << filters;
        long bytes = keys * BITS_A_KEY / Byte.SIZE;
        if (keys > Integer.MAX_VALUE || !room.take(bytes)) {
            window.inDoubt = true;
            window.filters.forEach(filter -> room.give((long) filter.length * Long.BYTES));
            window.filters.clear();
            return false;
        }
        window.filters.add(new long[(int) (bytes / Long.BYTES)]);
        window.keysLeft = (int) keys;
        return true;
    }

    /** Whether the key may be in the window; if not, it is not. */
    boolean mayHave(byte[] key, long window) {
        Window one = windows.get(window);
        if (one == null) {
            return false;
        }
        if (one.inDoubt) {
            return true;
        }
        long first = bits(key, 0);
        long step = bits(key, Long.BYTES) | 1;
        for (long[] filter : one.filters) {
            if (mayHave(filter, first, step)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayHave(long[] filter, long first, long step) {
        long mask = (long) filter.length * WORD_BITS - 1;
        long hash = first;
        for (int i = 0; i < HASHES; i++, hash += step) {
            long at = hash & mask;
            if ((filter[(int) (at / WORD_BITS)] & (1L << at)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Forgets windows that began before. */
    void dropBefore(long window) {
        windows.entrySet().removeIf(entry -> {
            boolean old = entry.getKey() < window;
            if (old) {
                entry.getValue().filters.forEach(filter -> room.give((long) filter.length * Long.BYTES));
            }
            return old;
        });
    }

    /** Gives its room back; it is not used any more. */
    void close() {
        dropBefore(Long.MAX_VALUE);
    }

    private static long bits(byte[] key, int at) {
        long bits = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            bits = (bits << Byte.SIZE) | (key[at + i] & 0xFF);
        }
        return bits;
    }
}
