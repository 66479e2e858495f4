package io.millrace.processor.feature;

/** Reads what {@link StateWriter} wrote and trusts none of it: every fault is a {@link CorruptStateException}. */
final class StateReader {
    private final byte[] bytes;
    private final int offset;
    private final int end;
    private int position;

    StateReader(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.end = offset + length;
        this.position = offset;
    }

    int position() {
        return position;
    }

    int remaining() {
        return end - position;
    }

    void moveTo(int newPosition) {
        position = newPosition;
    }

    int octet() {
        need(1);
        return bytes[position++];
    }

    long varint() {
        // Most are of one byte: counts, and how far a pane is from the one before.
        return position < end && bytes[position] >= 0 ? bytes[position++] : longVarint();
    }

    private long longVarint() {
        long value = 0;
        int at = position;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at == end) {
                throw corrupt("cut off within a number");
            }
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                position = at;
                return value;
            }
        }
        throw corrupt("number of more than ten bytes");
    }

    long zigzag() {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    /** A number from 1 to 2³³: what is counted, with room for two bits beside it. */
    long positive(String what) {
        long value = varint();
        if (value < 1 || value > 4L * Integer.MAX_VALUE + 3) {
            throw corrupt(what + " " + value + ": expected 1 or more, of 31 bits");
        }
        return value;
    }

    int fixed32() {
        need(Integer.BYTES);
        int value = (int) StateWriter.INTS.get(bytes, position);
        position += Integer.BYTES;
        return value;
    }

    long fixed64() {
        need(Long.BYTES);
        long value = (long) StateWriter.LONGS.get(bytes, position);
        position += Long.BYTES;
        return value;
    }

    /** The bits of a finite float32. */
    int float32() {
        long value = varint();
        int bits = Integer.reverse((int) value);
        if (value >>> Integer.SIZE != 0 || !Float.isFinite(Float.intBitsToFloat(bits))) {
            throw corrupt("value " + Float.intBitsToFloat(bits) + ": expected a finite float32");
        }
        return bits;
    }

    CorruptStateException corrupt(String what) {
        return new CorruptStateException(
                "user state of " + (end - offset) + " bytes, at byte " + (position - offset) + ": " + what);
    }

    private void need(int count) {
        if (end - position < count) {
            throw corrupt("cut off, expected " + count + " more");
        }
    }
}
