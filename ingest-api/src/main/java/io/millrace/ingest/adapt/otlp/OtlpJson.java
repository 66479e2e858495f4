package io.millrace.ingest.adapt.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The JSON encoding of OTLP: as Protobuf's, but that ids of traces and spans are hexadecimal and enumerations numbers. Whole
 * numbers are texts or numbers; names that are not known here are passed over.
 */
final class OtlpJson {
    /** More than the greatest double has. */
    private static final int MOST_DIGITS = 400;

    private static final BigDecimal LONGS = BigDecimal.valueOf(Long.MAX_VALUE);

    /** Within Jackson's own bounds: a tree makes numbers of digits, which takes long where there are many. */
    private static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

    private OtlpJson() {}

    static ExportLogsServiceRequest read(byte[] body) throws InvalidProtocolBufferException {
        try {
            JsonNode root = MAPPER.readTree(body);
            if (!root.isObject()) {
                throw new InvalidProtocolBufferException("it is no JSON object");
            }
            ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
            for (JsonNode resource : root.path("resourceLogs")) {
                request.addResourceLogs(resource(resource));
            }
            return request.build();
        } catch (IllegalArgumentException e) {
            throw new InvalidProtocolBufferException("a value is not of its type: " + e.getMessage());
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException("it is no JSON");
        }
    }

    private static ResourceLogs resource(JsonNode node) {
        ResourceLogs.Builder logs = ResourceLogs.newBuilder();
        logs.getResourceBuilder().addAllAttributes(attributes(node.at("/resource/attributes")));
        for (JsonNode scope : node.path("scopeLogs")) {
            logs.addScopeLogs(scope(scope));
        }
        return logs.build();
    }

    private static ScopeLogs scope(JsonNode node) {
        ScopeLogs.Builder logs = ScopeLogs.newBuilder()
                .setScope(InstrumentationScope.newBuilder()
                        .setName(text(node.at("/scope/name")))
                        .setVersion(text(node.at("/scope/version"))));
        for (JsonNode log : node.path("logRecords")) {
            logs.addLogRecords(log(log));
        }
        return logs.build();
    }

    private static LogRecord log(JsonNode node) {
        LogRecord.Builder log = LogRecord.newBuilder()
                .setTimeUnixNano(nanos(node.path("timeUnixNano")))
                .setObservedTimeUnixNano(nanos(node.path("observedTimeUnixNano")))
                .setSeverityNumberValue(node.path("severityNumber").asInt(0))
                .setSeverityText(text(node.path("severityText")))
                .setEventName(text(node.path("eventName")))
                .setTraceId(hex(node.path("traceId")))
                .setSpanId(hex(node.path("spanId")))
                .addAllAttributes(attributes(node.path("attributes")));
        if (node.path("body").isObject()) {
            log.setBody(value(node.path("body")));
        }
        return log.build();
    }

    private static List<KeyValue> attributes(JsonNode nodes) {
        List<KeyValue> attributes = new ArrayList<>(nodes.size());
        for (JsonNode node : nodes) {
            attributes.add(KeyValue.newBuilder()
                    .setKey(text(node.path("key")))
                    .setValue(value(node.path("value")))
                    .build());
        }
        return attributes;
    }

    private static AnyValue value(JsonNode node) {
        AnyValue.Builder value = AnyValue.newBuilder();
        if (node.hasNonNull("stringValue")) {
            value.setStringValue(text(node.get("stringValue")));
        } else if (node.hasNonNull("boolValue")) {
            value.setBoolValue(node.get("boolValue").asBoolean());
        } else if (node.hasNonNull("intValue")) {
            number(node.get("intValue"), value);
        } else if (node.hasNonNull("doubleValue")) {
            number(node.get("doubleValue"), value);
        } else if (node.hasNonNull("bytesValue")) {
            bytes(node.get("bytesValue").asText(), value);
        } else if (node.hasNonNull("arrayValue")) {
            for (JsonNode each : node.get("arrayValue").path("values")) {
                value.getArrayValueBuilder().addValues(value(each));
            }
            value.getArrayValueBuilder();
        } else if (node.hasNonNull("kvlistValue")) {
            value.getKvlistValueBuilder()
                    .addAllValues(attributes(node.get("kvlistValue").path("values")));
        }
        return value.build();
    }

    /** Whole numbers as long as they fit; what is none, such as the null that JavaScript makes of NaN, says nothing. */
    private static void number(JsonNode node, AnyValue.Builder value) {
        if (node.asText().length() > MOST_DIGITS) {
            return;
        }
        try {
            BigDecimal number = node.isNumber() ? node.decimalValue() : new BigDecimal(node.asText());
            if (Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS) {
                return;
            }
            if (number.stripTrailingZeros().scale() <= 0 && number.abs().compareTo(LONGS) <= 0) {
                value.setIntValue(number.longValue());
            } else {
                value.setDoubleValue(number.doubleValue());
            }
        } catch (NumberFormatException e) {
            // Infinity and NaN as texts, or no number at all.
            value.setStringValue(text(node));
        }
    }

    /** Protobuf's JSON has either alphabet, with padding or without. */
    private static void bytes(String base64, AnyValue.Builder value) {
        try {
            value.setBytesValue(ByteString.copyFrom(
                    Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'))));
        } catch (IllegalArgumentException e) {
            value.setStringValue(base64);
        }
    }

    /** Half a surrogate pair, which Protobuf cannot hold, becomes U+FFFD: one line of a log must not spoil all others. */
    private static String text(JsonNode node) {
        String text = node.isNull() ? "" : node.asText("");
        return text.codePoints().noneMatch(OtlpJson::isHalf)
                ? text
                : text.codePoints()
                        .map(point -> isHalf(point) ? 0xFFFD : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static long nanos(JsonNode node) {
        if (node.isNumber()) {
            return node.longValue();
        }
        try {
            return node.asText("").isEmpty() || node.isNull() ? 0 : Long.parseUnsignedLong(node.asText());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** An id in any other encoding, as some senders write it, says nothing, but spoils nothing either. */
    private static ByteString hex(JsonNode node) {
        try {
            return ByteString.copyFrom(HexFormat.of().parseHex(node.asText("")));
        } catch (IllegalArgumentException e) {
            return ByteString.EMPTY;
        }
    }
}
