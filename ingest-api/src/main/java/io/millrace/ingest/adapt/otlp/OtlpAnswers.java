package io.millrace.ingest.adapt.otlp;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.CodedOutputStream;
import io.millrace.ingest.adapt.BodyJson;
import io.millrace.ingest.outcome.Outcome.RefusedEvent;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What an exporter is told, in the encoding of its request. */
public final class OtlpAnswers {
    /** Fields of google.rpc.Status. */
    private static final int CODE = 1;

    private static final int MESSAGE = 2;

    private OtlpAnswers() {}

    /**
     * That the rest is taken; with nothing in it where all is.
     *
     * @param plain records without the name of an event
     * @param nobodys records with one, and without a user
     */
    public static byte[] success(OtlpEncoding encoding, int plain, int nobodys, List<RefusedEvent> refused) {
        int rejected = plain + nobodys + refused.size();
        String message = message(plain, nobodys, refused);
        return switch (encoding) {
            case PROTOBUF ->
                rejected == 0
                        ? new byte[0]
                        : ExportLogsServiceResponse.newBuilder()
                                .setPartialSuccess(ExportLogsPartialSuccess.newBuilder()
                                        .setRejectedLogRecords(rejected)
                                        .setErrorMessage(message))
                                .build()
                                .toByteArray();
            case JSON ->
                json(json -> {
                    if (rejected > 0) {
                        json.writeObjectFieldStart("partialSuccess");
                        json.writeStringField("rejectedLogRecords", Integer.toString(rejected));
                        json.writeStringField("errorMessage", message);
                        json.writeEndObject();
                    }
                });
        };
    }

    /**
     * A failure: google.rpc.Status.
     *
     * @param code of gRPC
     */
    public static byte[] status(OtlpEncoding encoding, int code, String message) {
        if (encoding == OtlpEncoding.JSON) {
            return json(json -> {
                json.writeNumberField("code", code);
                json.writeStringField("message", message);
            });
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeInt32(CODE, code);
            out.writeString(MESSAGE, message);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static String message(int plain, int nobodys, List<RefusedEvent> refused) {
        List<String> sentences = new ArrayList<>();
        if (plain > 0) {
            sentences.add("plain logs, of which eventName or the attribute event.name would make events: " + plain);
        }
        if (nobodys > 0) {
            sentences.add(
                    "logs with a name and without a user, of which user.id, enduser.id, enduser.pseudo.id or session.id"
                            + " would make events: " + nobodys);
        }
        if (!refused.isEmpty()) {
            sentences.add("events that were refused, and are on dead-letters: " + refused.size() + ", the first as "
                    + refused.get(0).refusal().detail());
        }
        return String.join("; ", sentences);
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] json(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = BodyJson.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }
}
