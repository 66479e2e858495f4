package io.millrace.codec;

import static io.millrace.codec.RecordReader.required;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.deadletter.Reason;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a record that is seldom read, where a tree is short to write and its cost does not matter; those of
 * the data path have {@link RecordReader}. A field set to null reads as one that is not there.
 */
record RecordTree(JsonNode node, String path) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static RecordTree read(byte[] bytes) throws DecodeException {
        JsonNode node;
        try {
            node = JSON.readTree(bytes);
        } catch (IOException e) {
            throw RecordReader.malformed(e);
        }
        if (!(node instanceof ObjectNode)) {
            throw node.isMissingNode()
                    ? new DecodeException(Reason.INVALID_JSON, "no bytes: expected a JSON object")
                    : new DecodeException(Reason.NOT_AN_OBJECT, "expected a JSON object");
        }
        return new RecordTree(node, "");
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static byte[] write(ObjectNode tree) {
        try {
            return JSON.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    String text(String field) throws DecodeException {
        return required(optionalText(field), path + field);
    }

    @Nullable
    String optionalText(String field) throws DecodeException {
        JsonNode value = node.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        return checked(value.isTextual(), field, "a text", value.textValue());
    }

    Instant instant(String field) throws DecodeException {
        String text = text(field);
        try {
            return Timestamps.parse(text);
        } catch (DateTimeException e) {
            throw new DecodeException(
                    Reason.INVALID_TIMESTAMP, path + field + " \"" + text + "\": expected ISO 8601 with an offset");
        }
    }

    long whole(String field) throws DecodeException {
        JsonNode value = required(node.get(field), path + field);
        return checked(
                value.canConvertToLong() && value.isIntegralNumber(), field, "a whole number", value.longValue());
    }

    int intValue(String field) throws DecodeException {
        long value = whole(field);
        return checked(value == (int) value, field, "a whole number of 32 bits", (int) value);
    }

    double number(String field) throws DecodeException {
        JsonNode value = required(node.get(field), path + field);
        return checked(value.isNumber(), field, "a number", value.doubleValue());
    }

    @Nullable
    RecordTree object(String field) throws DecodeException {
        JsonNode value = node.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        return checked(value.isObject(), field, "an object", new RecordTree(value, path + field + "."));
    }

    /** None where there is no such field. */
    List<RecordTree> objects(String field) throws DecodeException {
        JsonNode value = node.path(field);
        boolean objects = value.isMissingNode() || value.isArray();
        List<RecordTree> found = new ArrayList<>();
        for (JsonNode element : value) {
            objects &= element.isObject();
            found.add(new RecordTree(element, path + field + "."));
        }
        return checked(objects, field, "objects", found);
    }

    List<String> texts(String field) throws DecodeException {
        JsonNode value = required(node.get(field), path + field);
        boolean texts = value.isArray();
        List<String> found = new ArrayList<>();
        for (JsonNode element : value) {
            texts &= element.isTextual();
            found.add(element.asText());
        }
        return checked(texts, field, "texts", found);
    }

    private <T> T checked(boolean holds, String field, String expected, T value) throws DecodeException {
        if (!holds) {
            throw new DecodeException(Reason.WRONG_TYPE, path + field + ": expected " + expected);
        }
        return value;
    }
}
