package io.millrace.ingest.receive.grpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.millrace.grpc.v1.PostedEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Events that came as messages, as the lines of JSON that the one reader of all events reads. Not thread-safe. */
final class EventLines {
    private static final JsonFactory JSON = new JsonFactory();

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private int count;

    void add(PostedEvent event) {
        try (JsonGenerator json = JSON.createGenerator(lines)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.writeStartObject();
            text(json, "id", event.getId());
            text(json, "userId", event.getUserId());
            text(json, "anonymousId", event.getAnonymousId());
            text(json, "kind", event.getKind());
            text(json, "name", event.getName());
            object(json, "properties", event.getPropertiesJson());
            object(json, "traits", event.getTraitsJson());
            object(json, "context", event.getContextJson());
            text(json, "timestamp", event.getTimestamp());
            text(json, "sentAt", event.getSentAt());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        lines.write('\n');
        count++;
    }

    int count() {
        return count;
    }

    int size() {
        return lines.size();
    }

    byte[] bytes() {
        return lines.toByteArray();
    }

    /** In a message what is not given is empty. */
    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    private static void object(JsonGenerator json, String name, String value) throws IOException {
        if (value.isEmpty()) {
            return;
        }
        json.writeFieldName(name);
        if (isOneValue(value)) {
            // Inside JSON a line break is space, or it would have been escaped; here it would end the event.
            json.writeRawValue(value.replace('\n', ' ').replace('\r', ' '));
        } else {
            // The reader refuses it, as the text it is: what came is never read as more than one value.
            json.writeString(value);
        }
    }

    private static boolean isOneValue(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
