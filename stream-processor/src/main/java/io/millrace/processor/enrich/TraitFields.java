package io.millrace.processor.enrich;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.millrace.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A traits object taken apart into its fields, each with its value's JSON text, as it was written. */
final class TraitFields {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();
    /** The opening brace, and the closing one before the last comma is counted off. */
    private static final int FRAME_BYTES = 2;

    private final Map<String, byte[]> fields = new LinkedHashMap<>();
    private int bytes = FRAME_BYTES;

    static TraitFields of(JsonObject traits) {
        TraitFields fields = new TraitFields();
        fields.merge(traits, true);
        return fields;
    }

    /**
     * Puts other fields over or beside these.
     *
     * @param overwrite whether fields that are here already may change
     * @return how many did not fit
     */
    int merge(JsonObject traits, boolean overwrite) {
        int dropped = 0;
        try (JsonParser parser = FACTORY.createParser(traits.array(), traits.offset(), traits.length())) {
            parser.nextToken();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                boolean here = fields.containsKey(name);
                if (parser.nextToken() == JsonToken.VALUE_NULL) {
                    if (overwrite) {
                        remove(name);
                    }
                } else if (here && !overwrite) {
                    parser.skipChildren();
                } else {
                    dropped += put(name, text(name, parser)) ? 0 : 1;
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("traits are no JSON: a JsonObject is made of well-formed JSON", e);
        }
        return dropped;
    }

    private void remove(String name) {
        byte[] gone = fields.remove(name);
        bytes -= gone == null ? 0 : gone.length;
    }

    private boolean put(String name, byte[] field) {
        byte[] before = fields.get(name);
        int after = bytes + field.length - (before == null ? 0 : before.length);
        boolean fits = after <= Enricher.MOST_BYTES && (before != null || fields.size() < Enricher.MOST_FIELDS);
        if (fits) {
            fields.put(name, field);
            bytes = after;
        }
        return fits;
    }

    /** {@code "name":value,} */
    private static byte[] text(String name, JsonParser parser) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            generator.writeStartObject();
            generator.writeFieldName(name);
            copy(parser, generator);
            generator.writeEndObject();
        }
        byte[] object = out.toByteArray();
        byte[] field = Arrays.copyOfRange(object, 1, object.length);
        field[field.length - 1] = ',';
        return field;
    }

    /** Copies one value; numbers keep their digits, which a copy by value would lose. */
    private static void copy(JsonParser parser, JsonGenerator generator) throws IOException {
        int depth = 0;
        for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
            if (token.isNumeric()) {
                generator.writeNumber(parser.getText());
            } else {
                generator.copyCurrentEvent(parser);
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth == 0) {
                return;
            }
        }
    }

    JsonObject toJson() {
        if (fields.isEmpty()) {
            return JsonObject.EMPTY;
        }
        byte[] json = new byte[bytes - 1];
        json[0] = '{';
        int at = 1;
        for (byte[] field : fields.values()) {
            System.arraycopy(field, 0, json, at, field.length);
            at += field.length;
        }
        json[json.length - 1] = '}';
        return JsonObject.of(json, 0, json.length);
    }
}
