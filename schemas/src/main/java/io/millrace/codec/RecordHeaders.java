package io.millrace.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.deadletter.Redrive;
import io.millrace.identity.Traceparent;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The headers of every record that Millrace writes, as asyncapi.yaml promises them. */
public final class RecordHeaders {
    /** The event's W3C trace context. */
    public static final String TRACEPARENT = Traceparent.HEADER;

    /** What other vendors carry along with the trace context; only where a producer sent it. */
    public static final String TRACESTATE = Traceparent.STATE_HEADER;

    /** {@link #JSON}, but for the chunks of artifacts. */
    public static final String CONTENT_TYPE = "content-type";

    public static final String JSON = "application/json";

    /** Name and version of the value's schema, such as {@code event/1.0}; the major version changes when old readers break. */
    public static final String SCHEMA = "schema";

    /**
     * On a record of events that {@code millrace redrive} put back: the {@link io.millrace.deadletter.Redrive}. The door never
     * writes it, whatever a producer sends.
     */
    public static final String REDRIVE = "redrive";

    private static final String OCTETS = "application/octet-stream";
    private static final byte[] JSON_BYTES = JSON.getBytes(UTF_8);
    private static final byte[] OCTETS_BYTES = OCTETS.getBytes(UTF_8);

    /** What a record's value is. */
    public enum Schema {
        EVENT("event/1.0"),
        PROFILE("profile/1.0"),
        PREDICTION("prediction/1.0"),
        DEAD_LETTER("dead-letter/1.0"),
        WRITE_KEY("write-key/1.0"),
        MODEL_QUALITY("model-quality/1.0"),
        DEPLOYMENT("deployment/1.0"),
        REGISTERED_VERSION("registered-version/1.0"),
        PIPELINE("pipeline/1.0"),
        ERASURE("erasure/1.0"),
        REDRIVE("redrive/1.0"),
        MODEL_ARTIFACT("model-artifact/1.0", OCTETS);

        private final String text;
        private final String contentType;

        Schema(String text) {
            this(text, JSON);
        }

        Schema(String text, String contentType) {
            this.text = text;
            this.contentType = contentType;
        }

        /** The header's value. */
        public String text() {
            return text;
        }

        /** The content type of such a value. */
        public String contentType() {
            return contentType;
        }
    }

    private RecordHeaders() {}

    /** Puts the headers on a record. The content type is one shared array: a producer only reads it. */
    public static void put(Headers headers, Schema schema, @Nullable Traceparent trace) {
        headers.add(CONTENT_TYPE, schema == Schema.MODEL_ARTIFACT ? OCTETS_BYTES : JSON_BYTES);
        headers.add(SCHEMA, schema.text.getBytes(UTF_8));
        if (trace != null) {
            headers.add(TRACEPARENT, trace.value().getBytes(UTF_8));
            if (!trace.state().isEmpty()) {
                headers.add(TRACESTATE, trace.state().getBytes(UTF_8));
            }
        }
    }

    /** The record's trace; empty where it has none that can be read. */
    public static Optional<Traceparent> traceparent(Headers headers) {
        String trace = text(headers, TRACEPARENT);
        return trace == null ? Optional.empty() : Traceparent.parse(trace, text(headers, TRACESTATE));
    }

    /** What a redriven record says of itself; empty where it is none, or says what cannot be read. */
    public static Optional<Redrive> redrive(Headers headers) {
        Header header = headers.lastHeader(REDRIVE);
        if (header == null || header.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(RedriveCodec.decode(header.value()));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
