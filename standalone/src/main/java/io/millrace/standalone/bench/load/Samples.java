package io.millrace.standalone.bench.load;

import java.util.Arrays;

/** Times in nanoseconds, all of them, so that a percentile is one of them. Used by one thread. */
public final class Samples {
    private long[] nanos;
    private int size;
    private boolean sorted;

    public Samples(int expected) {
        nanos = new long[Math.max(16, expected)];
    }

    public void add(long time) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = time;
        sorted = false;
    }

    public int size() {
        return size;
    }

    /**
     * The time that so many stay within.
     *
     * @param share from 0 to 1; 1 is the longest
     * @return milliseconds; not a number where there are none
     */
    public double millis(double share) {
        if (size == 0) {
            return Double.NaN;
        }
        if (!sorted) {
            Arrays.sort(nanos, 0, size);
            sorted = true;
        }
        int index = (int) Math.ceil(share * size) - 1;
        return nanos[Math.min(size - 1, Math.max(0, index))] / 1e6;
    }
}
