package io.millrace.ingest.adapt.segment;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.deadletter.Reason;
import io.millrace.ingest.adapt.Value;
import io.millrace.ingest.outcome.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One body while it is read: the envelope, and the messages of its batch. Not thread-safe. */
final class SegmentBody {
    private static final String BATCH = "batch";

    private final byte[] body;
    private final int most;
    private final List<Message> messages = new ArrayList<>();
    private Message envelope;

    /** @param most messages of a batch; 0 where none is expected */
    SegmentBody(byte[] body, int most) {
        this.body = body;
        this.most = most;
        this.envelope = Message.of(body, new Value(JsonToken.NOT_AVAILABLE, 0, 0, null));
    }

    /** Reads to the end of the first value; says why it is no such body. */
    @Nullable
    Refusal read(JsonParser json) throws IOException {
        JsonToken first = json.nextToken();
        if (first == null) {
            return new Refusal(Reason.EMPTY_BATCH, "the body: given nothing, expected an object");
        }
        if (first != JsonToken.START_OBJECT) {
            return Refusal.of(Reason.NOT_AN_OBJECT, "the body", first.name(), "an object");
        }
        envelope = Message.begin(body, json);
        boolean hasBatch = most == 0;
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (most > 0 && field.equals(BATCH)) {
                hasBatch = true;
                Refusal wrong = batch(json, value);
                if (wrong != null) {
                    return wrong;
                }
            } else {
                envelope.take(field, json);
            }
        }
        envelope.end(json);
        return hasBatch ? null : Refusal.of(Reason.MISSING_FIELD, BATCH, "none", "an array of messages");
    }

    private @Nullable Refusal batch(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            return Refusal.of(Reason.WRONG_TYPE, BATCH, value.name(), "an array of messages");
        }
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (messages.size() == most) {
                return new Refusal(
                        Reason.BATCH_TOO_LARGE,
                        "the body: given more than " + most + " messages, expected at most that many");
            }
            messages.add(
                    token == JsonToken.START_OBJECT ? Message.read(body, json) : Message.of(body, Value.read(json)));
        }
        return null;
    }

    Message envelope() {
        return envelope;
    }

    List<Message> messages() {
        return messages;
    }

    /** The envelope's, or else the first message's that has one; null where nobody has. */
    @Nullable
    String writeKey() {
        String key = envelope.writeKey();
        for (int i = 0; key == null && i < messages.size(); i++) {
            key = messages.get(i).writeKey();
        }
        return key;
    }
}
