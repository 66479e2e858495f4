package io.millrace.ingest.validate;

import java.util.Arrays;

/** Bytes of a body, not copied: as immutable as the body. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy is what this type avoids
public record Slice(byte[] bytes, int offset, int length) {
    /** A copy of at most {@code most} bytes from the start. */
    public byte[] copy(int most) {
        return Arrays.copyOfRange(bytes, offset, offset + Math.min(length, most));
    }
}
