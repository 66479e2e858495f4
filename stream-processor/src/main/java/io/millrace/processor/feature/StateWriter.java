package io.millrace.processor.feature;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes a state's bytes; unchecked, into an array that is known to be large enough. */
final class StateWriter {
    static final int FLOAT_BYTES = 5;
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private int position;

    StateWriter(int most) {
        bytes = new byte[most];
    }

    void octet(int value) {
        bytes[position++] = (byte) value;
    }

    /** Seven bits a byte, the lowest first; negative values take ten bytes. */
    void varint(long value) {
        long rest = value;
        int at = position;
        while ((rest & ~0x7FL) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        position = at;
    }

    void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    void fixed32(int value) {
        INTS.set(bytes, position, value);
        position += Integer.BYTES;
    }

    void fixed64(long value) {
        LONGS.set(bytes, position, value);
        position += Long.BYTES;
    }

    /** A float32's bits with its sign and exponent lowest: 0 takes one byte, small integers two, any at most five. */
    void float32(int bits) {
        varint(Integer.toUnsignedLong(Integer.reverse(bits)));
    }

    /** Begins a part that is preceded by its length; give what it returns to {@link #end}. */
    int begin() {
        return ++position;
    }

    /** Puts the part's length before it; one byte was left for it, and the part moves if it takes more. */
    void end(int start) {
        int length = position - start;
        int extra = 0;
        for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
            extra++;
        }
        if (extra > 0) {
            System.arraycopy(bytes, start, bytes, start + extra, length);
        }
        position = start - 1;
        varint(length);
        position += length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, position);
    }
}
