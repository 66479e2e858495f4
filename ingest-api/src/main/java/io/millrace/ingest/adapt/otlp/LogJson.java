package io.millrace.ingest.adapt.otlp;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attributes and bodies of log records, as JSON. */
final class LogJson {
    private LogJson() {}

    /** By their keys, of which the last counts; without those that say nothing. */
    static Map<String, AnyValue> byKey(List<KeyValue> attributes) {
        Map<String, AnyValue> byKey = new LinkedHashMap<>();
        for (KeyValue attribute : attributes) {
            if (!attribute.getKey().isEmpty()
                    && attribute.getValue().getValueCase() != AnyValue.ValueCase.VALUE_NOT_SET) {
                byKey.put(attribute.getKey(), attribute.getValue());
            }
        }
        return byKey;
    }

    /** Writes members of the object that is open. */
    static void members(JsonGenerator json, Map<String, AnyValue> values) throws IOException {
        for (Map.Entry<String, AnyValue> value : values.entrySet()) {
            json.writeFieldName(value.getKey());
            write(json, value.getValue());
        }
    }

    /** Bytes become base64, numbers that JSON does not have texts. */
    static void write(JsonGenerator json, AnyValue value) throws IOException {
        switch (value.getValueCase()) {
            case STRING_VALUE -> json.writeString(value.getStringValue());
            case BOOL_VALUE -> json.writeBoolean(value.getBoolValue());
            case INT_VALUE -> json.writeNumber(value.getIntValue());
            case DOUBLE_VALUE -> number(json, value.getDoubleValue());
            case BYTES_VALUE ->
                json.writeString(
                        Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()));
            case ARRAY_VALUE -> {
                json.writeStartArray();
                for (AnyValue each : value.getArrayValue().getValuesList()) {
                    write(json, each);
                }
                json.writeEndArray();
            }
            case KVLIST_VALUE -> {
                json.writeStartObject();
                members(json, byKey(value.getKvlistValue().getValuesList()));
                json.writeEndObject();
            }
            default -> json.writeNull();
        }
    }

    private static void number(JsonGenerator json, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeString(Double.toString(value));
        }
    }
}
