package io.millrace.ingest.adapt.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a request's body, and its answer's, are written: OTLP 1, "OTLP/HTTP Request". */
public enum OtlpEncoding {
    PROTOBUF("application/x-protobuf"),
    JSON("application/json");

    private final String contentType;

    OtlpEncoding(String contentType) {
        this.contentType = contentType;
    }

    /** Of requests and answers. */
    public String contentType() {
        return contentType;
    }

    /** By a Content-Type, whose parameters mean nothing; empty where it names neither. */
    public static Optional<OtlpEncoding> of(@Nullable String contentType) {
        String media =
                contentType == null ? "" : contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        return switch (media) {
            case "application/x-protobuf", "application/protobuf" -> Optional.of(PROTOBUF);
            case "application/json" -> Optional.of(JSON);
            default -> Optional.empty();
        };
    }

    /**
     * Reads a request.
     *
     * @throws InvalidProtocolBufferException if it is none
     */
    ExportLogsServiceRequest read(byte[] body) throws InvalidProtocolBufferException {
        return switch (this) {
            case PROTOBUF -> ExportLogsServiceRequest.parseFrom(body);
            case JSON -> OtlpJson.read(body);
        };
    }
}
