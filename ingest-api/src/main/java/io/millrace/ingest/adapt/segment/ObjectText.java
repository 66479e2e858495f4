package io.millrace.ingest.adapt.segment;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A JSON object while it is written, of pieces that are JSON already. Not thread-safe. */
final class ObjectText {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean first;

    void begin() {
        bytes.write('{');
        first = true;
    }

    void end() {
        bytes.write('}');
        first = false;
    }

    /** Writes a name that needs no escape; its value comes next. */
    void name(String name) {
        separate();
        ascii('"' + name + "\":");
    }

    /** Writes a name together with its value. */
    void member(byte[] body, int from, int to) {
        separate();
        bytes.write(body, from, to - from);
    }

    void value(byte[] body, Value value) {
        bytes.write(body, value.from(), value.to() - value.from());
    }

    /** Writes a value as a text of characters that need no escape. */
    void quoted(String value) {
        ascii('"' + value + '"');
    }

    byte[] bytes() {
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
