package io.millrace.ingest.adapt.segment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.ingest.outcome.Outcome.RefusedEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What an SDK is told. */
public final class SegmentAnswers {
    private static final JsonFactory JSON = new JsonFactory();

    private SegmentAnswers() {}

    /**
     * That the rest is taken. Where nothing was refused it is {@code {"success":true}} and nothing else; SDKs look no further,
     * people who look for a lost message find it here and on dead-letters.
     */
    public static byte[] success(List<RefusedEvent> refused) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeBooleanField("success", true);
            if (!refused.isEmpty()) {
                json.writeArrayFieldStart("refused");
                for (RefusedEvent event : refused) {
                    json.writeStartObject();
                    json.writeNumberField("index", event.index());
                    if (event.id() != null) {
                        json.writeStringField(Message.MESSAGE_ID, event.id());
                    }
                    json.writeStringField("code", event.refusal().reason().code());
                    json.writeStringField("detail", event.refusal().detail());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }
}
