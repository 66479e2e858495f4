package io.millrace.processor.quality;

import io.millrace.processor.feature.StateVersionException;
import io.millrace.quality.QualityCounts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Counts as they are kept: byte version; 8 bytes time of the last change; then for each array of
 * {@link QualityCounts#arrays} varint number of counts that are not 0, and each as varint distance from the one before and
 * varint count. Few counts are few bytes, for all of it is written at each commit that changed it.
 */
final class CountsCodec {
    private static final byte VERSION = 1;

    private CountsCodec() {}

    static byte[] encode(QualityCounts counts, long changedMillis) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        out.write(VERSION);
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(changedMillis).array());
        for (long[] array : counts.arrays()) {
            int used = 0;
            for (long count : array) {
                used += count == 0 ? 0 : 1;
            }
            varint(out, used);
            int before = -1;
            for (int i = 0; i < array.length; i++) {
                if (array[i] != 0) {
                    varint(out, i - before - 1);
                    varint(out, array[i]);
                    before = i;
                }
            }
        }
        return out.toByteArray();
    }

    /** When the counts last changed, in milliseconds since 1970. */
    static long changed(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong(1);
    }

    /**
     * Adds what {@link #encode} wrote.
     *
     * @throws StateVersionException if the bytes are of a later release
     * @throws IllegalStateException if they are of other bins
     */
    static void addTo(QualityCounts counts, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new StateVersionException("store quality", version, VERSION);
        }
        in.getLong();
        for (long[] array : counts.arrays()) {
            int at = -1;
            for (long left = varint(in); left > 0; left--) {
                at += (int) varint(in) + 1;
                array[at] += varint(in);
            }
        }
        if (in.hasRemaining()) {
            throw new IllegalStateException(in.remaining() + " bytes more than the counts: expected the same bins");
        }
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F) | 0x80);
            left >>>= 7;
        }
        out.write((int) left);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
