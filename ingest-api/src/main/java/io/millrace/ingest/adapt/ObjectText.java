package io.millrace.ingest.adapt;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A JSON object while it is written, of pieces that are JSON already. Not thread-safe. */
public final class ObjectText {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean first;

    /** Begins an object. */
    public void begin() {
        bytes.write('{');
        first = true;
    }

    /** Ends the object that was begun last. */
    public void end() {
        bytes.write('}');
        first = false;
    }

    /** Writes any name; its value comes next. */
    public void anyName(String name) {
        separate();
        text(name);
        bytes.write(':');
    }

    /** Writes a name that needs no escape; its value comes next. */
    public void name(String name) {
        separate();
        ascii('"' + name + "\":");
    }

    /** Writes a name together with its value. */
    public void member(byte[] body, int from, int to) {
        separate();
        bytes.write(body, from, to - from);
    }

    /** Writes a value where it stands in a body. */
    public void value(byte[] body, Value value) {
        bytes.write(body, value.from(), value.to() - value.from());
    }

    /** Writes a value as a text of characters that need no escape. */
    public void quoted(String value) {
        ascii('"' + value + '"');
    }

    /** Writes any text as a JSON string; half a surrogate pair becomes a question mark. */
    public void text(String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        bytes.write('"');
        bytes.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(new String(text, StandardCharsets.UTF_8)));
        bytes.write('"');
    }

    /** Writes JSON. */
    public void json(byte[] value) {
        bytes.writeBytes(value);
    }

    /** What was written. */
    public byte[] bytes() {
        return bytes.toByteArray();
    }

    private void separate() {
        if (!first) {
            bytes.write(',');
        }
        first = false;
    }

    private void ascii(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
