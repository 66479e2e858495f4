package io.millrace.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A JSON object that is carried, not looked into: the UTF-8 text of a producer's properties, traits or context, as a
 * slice of the bytes it came in. Whoever needs a field parses it; whoever only passes it on copies bytes.
 *
 * <p>Immutable as long as nobody writes to the array it was made from; {@link #of} does not copy, on purpose: the array
 * is a Kafka record's or a request's and is written once. Equality is equality of bytes.
 */
public final class JsonObject {
    public static final JsonObject EMPTY = new JsonObject("{}".getBytes(StandardCharsets.UTF_8), 0, 2);

    private final byte[] bytes;
    private final int offset;
    private final int length;

    private JsonObject(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /**
     * Wraps a slice that is known to be one well-formed JSON object.
     *
     * @throws IllegalArgumentException if the slice does not begin and end with braces
     */
    public static JsonObject of(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length < 2 || bytes[offset] != '{' || bytes[offset + length - 1] != '}') {
            throw new IllegalArgumentException("a JSON object begins with { and ends with }");
        }
        return new JsonObject(bytes, offset, length);
    }

    public static JsonObject of(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    /** The array that holds the text; read only {@link #length()} bytes from {@link #offset()}, and never write. */
    public byte[] array() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    /** In bytes. */
    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 2;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonObject that
                && Arrays.equals(bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
