package io.millrace.ingest.query.live;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * How far somebody has come in a topic: for each partition the offset to go on with. Its text is the id of an event that is
 * sent, so that a client that comes back with the last one it saw misses nothing and sees nothing twice, at any door.
 *
 * <p>Not thread-safe: it moves.
 */
final class Positions {
    private static final byte FORM = 1;
    private static final int LONGEST = 10_000 * Long.BYTES;
    private static final int SEVEN_BITS = 0x7F;
    private static final int MORE = 0x80;
    private static final int MAX_SHIFT = 63;

    private long[] next;

    private Positions(long[] next) {
        this.next = next;
    }

    static Positions of(long... next) {
        return new Positions(next.clone());
    }

    /** Reads what {@link #id} wrote; empty where it is something else. */
    static Optional<Positions> parse(String id) {
        byte[] bytes;
        try {
            bytes = id.length() > LONGEST ? new byte[0] : Base64.getUrlDecoder().decode(id);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length < 2 || bytes[0] != FORM) {
            return Optional.empty();
        }
        long[] offsets = new long[bytes.length];
        int count = 0;
        int at = 1;
        while (at < bytes.length) {
            long offset = 0;
            int shift = 0;
            byte part;
            do {
                if (at == bytes.length || shift >= MAX_SHIFT) {
                    return Optional.empty();
                }
                part = bytes[at++];
                offset |= (long) (part & SEVEN_BITS) << shift;
                shift += 7;
            } while ((part & MORE) != 0);
            offsets[count++] = offset;
        }
        return Optional.of(new Positions(Arrays.copyOf(offsets, count)));
    }

    /** Seven bits a byte, as protobuf writes numbers: 12 partitions of a million records each make 50 characters. */
    String id() {
        byte[] bytes = new byte[1 + 9 * next.length];
        bytes[0] = FORM;
        int length = 1;
        for (long offset : next) {
            long rest = offset;
            while (rest > SEVEN_BITS) {
                bytes[length++] = (byte) ((rest & SEVEN_BITS) | MORE);
                rest >>>= 7;
            }
            bytes[length++] = (byte) rest;
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes, length));
    }

    Positions copy() {
        return new Positions(next.clone());
    }

    int partitions() {
        return next.length;
    }

    /** The offset to go on with; 0 in a partition that was not there. */
    long get(int partition) {
        return partition < next.length ? next[partition] : 0;
    }

    void set(int partition, long offset) {
        if (partition >= next.length) {
            next = Arrays.copyOf(next, partition + 1);
        }
        next[partition] = offset;
    }

    /** Whether these are as far as the others in each of their partitions. */
    boolean hasReached(Positions others) {
        return others.ahead(this) == 0;
    }

    /** By how many offsets these are ahead of the others, counting only partitions in which they are. */
    long ahead(Positions others) {
        long sum = 0;
        for (int i = 0; i < next.length; i++) {
            sum += Math.max(0, next[i] - others.get(i));
        }
        return sum;
    }

    /** The further of the two in each partition. */
    Positions furthest(Positions others) {
        long[] furthest = new long[Math.max(next.length, others.next.length)];
        for (int i = 0; i < furthest.length; i++) {
            furthest[i] = Math.max(get(i), others.get(i));
        }
        return new Positions(furthest);
    }
}
