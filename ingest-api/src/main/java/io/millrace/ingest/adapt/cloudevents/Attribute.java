package io.millrace.ingest.adapt.cloudevents;

import com.fasterxml.jackson.core.JsonToken;
import io.millrace.ingest.adapt.ObjectText;
import io.millrace.ingest.adapt.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The value of one context attribute.
 *
 * @param token what it is in JSON; a header is a string
 * @param json as it was sent, or the header's text as JSON
 * @param text of a string or a number; null of anything else
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Attribute(JsonToken token, byte[] json, @Nullable String text) {
    static Attribute of(byte[] body, Value value) {
        return new Attribute(value.token(), Arrays.copyOfRange(body, value.from(), value.to()), value.text());
    }

    static Attribute of(String header) {
        ObjectText json = new ObjectText();
        json.text(header);
        return new Attribute(JsonToken.VALUE_STRING, json.bytes(), header);
    }

    boolean isNull() {
        return token == JsonToken.VALUE_NULL;
    }

    /** The text, unless nobody can tell it from nothing. */
    @Nullable
    String said() {
        return text == null || text.isBlank() ? null : text;
    }
}
