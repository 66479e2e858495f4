package io.millrace.ingest.adapt.segment;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.ingest.adapt.Value;
import io.millrace.ingest.validate.Slice;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One object of a body as its SDK sent it: where the fields stand that mean something here. */
final class Message {
    static final String WRITE_KEY = "writeKey";
    static final String MESSAGE_ID = "messageId";

    private static final Set<String> KNOWN = Set.of(
            WRITE_KEY,
            MESSAGE_ID,
            "type",
            "userId",
            "anonymousId",
            "event",
            "name",
            "category",
            "groupId",
            "previousId",
            "properties",
            "traits",
            "context",
            "originalTimestamp",
            "timestamp",
            "sentAt");

    private final byte[] body;
    private final Map<String, Value> fields = new HashMap<>();
    private Value whole;
    private @Nullable String twice;
    private @Nullable String writeKey;

    private Message(byte[] body, Value whole) {
        this.body = body;
        this.whole = whole;
    }

    /** What stands there is no object, and has no fields. */
    static Message of(byte[] body, Value other) {
        return new Message(body, other);
    }

    /** Takes fields one by one; {@link #end} completes it. */
    static Message begin(byte[] body, JsonParser json) {
        int from = (int) json.currentTokenLocation().getByteOffset();
        return new Message(body, new Value(JsonToken.START_OBJECT, from, from, null));
    }

    /** Reads the object at whose brace the parser stands, to its end. */
    static Message read(byte[] body, JsonParser json) throws IOException {
        Message message = begin(body, json);
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            message.take(field, json);
        }
        message.end(json);
        return message;
    }

    /** Takes the value at which the parser stands. */
    void take(String field, JsonParser json) throws IOException {
        if (!KNOWN.contains(field)) {
            json.skipChildren();
            return;
        }
        Value value = Value.read(json);
        if (fields.put(field, value) != null && twice == null) {
            twice = field;
        }
        if (field.equals(WRITE_KEY) && value.token() == JsonToken.VALUE_STRING) {
            writeKey = value.text();
            // It has been read, and must not stand in a dead letter.
            Arrays.fill(body, value.from() + 1, value.to() - 1, (byte) '*');
        }
    }

    void end(JsonParser json) {
        whole = new Value(
                whole.token(), whole.from(), (int) json.currentLocation().getByteOffset(), null);
    }

    Value whole() {
        return whole;
    }

    int length() {
        return whole.to() - whole.from();
    }

    Slice sent() {
        return new Slice(body, whole.from(), length());
    }

    byte[] body() {
        return body;
    }

    /** The first field that stands twice; null where none does. */
    @Nullable
    String twice() {
        return twice;
    }

    @Nullable
    String writeKey() {
        return writeKey;
    }

    /** Null where it is not there, or null. */
    @Nullable
    Value get(String field) {
        Value value = fields.get(field);
        return value == null || value.isNull() ? null : value;
    }

    /** The message's own id, as far as it can be told. */
    @Nullable
    String id() {
        Value id = get(MESSAGE_ID);
        return id == null ? null : id.text();
    }
}
