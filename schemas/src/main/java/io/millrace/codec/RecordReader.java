package io.millrace.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.deadletter.Reason;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads one record's fields in the order they stand, in one pass and without a tree. A field set to null reads as one that
 * is not there. Not thread-safe; belongs to one decode, which closes it.
 */
final class RecordReader implements AutoCloseable {
    static final int MAX_DEPTH = 64;

    /** Names are not interned, so that a sender of ever new names pays with its own memory and not with the JVM's table. */
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            // How long a number may be is the door's business: what it let in is an event, and skipping a number costs
            // nothing.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final byte[] bytes;
    private final JsonParser parser;

    RecordReader(byte[] bytes) throws IOException {
        this.bytes = bytes;
        this.parser = JSON.createParser(bytes);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    /** Enters the record. */
    void begin() throws IOException, DecodeException {
        JsonToken token = next();
        if (token != JsonToken.START_OBJECT) {
            throw token == null
                    ? new DecodeException(Reason.INVALID_JSON, "no bytes: expected a JSON object")
                    : new DecodeException(Reason.NOT_AN_OBJECT, describe(token) + ": expected a JSON object");
        }
    }

    /** The next field's name; null at the end of the object that was entered last. */
    @Nullable
    String field() throws IOException, DecodeException {
        try {
            return parser.nextFieldName();
        } catch (StreamConstraintsException e) {
            throw overLimit(e);
        }
    }

    /** Checks that nothing stands after the record. */
    void end() throws IOException, DecodeException {
        JsonToken token = next();
        if (token != null) {
            throw new DecodeException(Reason.INVALID_JSON, describe(token) + " after the object: expected the end");
        }
    }

    @Nullable
    String text(String field) throws IOException, DecodeException {
        JsonToken token = next();
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        mustBeNull(token, field, "a text");
        return null;
    }

    /** A text that must have 1 to so many characters, and none that the store cannot keep. */
    @Nullable
    String text(String field, int longest) throws IOException, DecodeException {
        String text = text(field);
        if (text != null) {
            StoredText.check(field, text, longest);
        }
        return text;
    }

    @Nullable
    Instant instant(String field) throws IOException, DecodeException {
        JsonToken token = next();
        if (token != JsonToken.VALUE_STRING) {
            mustBeNull(token, field, "an ISO 8601 time");
            return null;
        }
        try {
            return Timestamps.parse(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        } catch (DateTimeException e) {
            throw new DecodeException(
                    Reason.INVALID_TIMESTAMP,
                    field + " \"" + parser.getText() + "\": expected ISO 8601, such as 2019-10-01T00:00:00.000Z");
        }
    }

    /** A slice of the record's bytes; the empty object where there is none. */
    JsonObject object(String field) throws IOException, DecodeException {
        JsonObject object = objectOrNull(field);
        return object == null ? JsonObject.EMPTY : object;
    }

    /** A slice of the record's bytes. */
    @Nullable
    JsonObject objectOrNull(String field) throws IOException, DecodeException {
        JsonToken token = next();
        if (token != JsonToken.START_OBJECT) {
            mustBeNull(token, field, "an object");
            return null;
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        return JsonObject.of(bytes, start, end - start);
    }

    /** Skips the field's value, whatever it is: a later version's. */
    void skip() throws IOException, DecodeException {
        next();
        skipChildren();
    }

    /** Enters an object; false where it is null. */
    boolean enterObject(String field) throws IOException, DecodeException {
        JsonToken token = next();
        if (token != JsonToken.START_OBJECT) {
            mustBeNull(token, field, "an object");
        }
        return token == JsonToken.START_OBJECT;
    }

    /** Moves to the next value, or to the end of an array. */
    @Nullable
    JsonToken next() throws IOException, DecodeException {
        try {
            return parser.nextToken();
        } catch (StreamConstraintsException e) {
            throw overLimit(e);
        }
    }

    /** The number the parser stands on. */
    float floatValue(String field) throws IOException, DecodeException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
            throw wrongType(token, field, "a number");
        }
        float value = parser.getFloatValue();
        if (!Float.isFinite(value)) {
            throw new DecodeException(Reason.UNDECODABLE, field + " " + parser.getText() + ": expected a float32");
        }
        return value;
    }

    long longValue(String field) throws IOException, DecodeException {
        JsonToken token = next();
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw wrongType(token, field, "a whole number");
        }
        return parser.getLongValue();
    }

    int intValue(String field) throws IOException, DecodeException {
        long value = longValue(field);
        if (value != (int) value) {
            throw new DecodeException(Reason.WRONG_TYPE, field + " " + value + ": expected a whole number of 32 bits");
        }
        return (int) value;
    }

    /** The next text of an array; null at its end. */
    @Nullable
    String element(String field) throws IOException, DecodeException {
        JsonToken token = next();
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        if (token != JsonToken.END_ARRAY) {
            throw wrongType(token, field, "texts");
        }
        return null;
    }

    boolean flag(String field) throws IOException, DecodeException {
        JsonToken token = next();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw wrongType(token, field, "true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    static <T> T required(@Nullable T value, String field) throws DecodeException {
        if (value == null) {
            throw new DecodeException(Reason.MISSING_FIELD, field + " is missing");
        }
        return value;
    }

    /** What Jackson says of bytes that are no JSON, without a piece of them. */
    static DecodeException malformed(IOException e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new DecodeException(Reason.INVALID_JSON, "not JSON: " + message);
    }

    static DecodeException wrongType(@Nullable JsonToken token, String field, String expected) {
        return new DecodeException(Reason.WRONG_TYPE, field + " is " + describe(token) + ": expected " + expected);
    }

    private static void mustBeNull(@Nullable JsonToken token, String field, String expected) throws DecodeException {
        if (token != JsonToken.VALUE_NULL) {
            throw wrongType(token, field, expected);
        }
    }

    private void skipChildren() throws IOException, DecodeException {
        try {
            parser.skipChildren();
        } catch (StreamConstraintsException e) {
            throw overLimit(e);
        }
    }

    private DecodeException overLimit(StreamConstraintsException e) {
        boolean deep = parser.getParsingContext().getNestingDepth() > MAX_DEPTH;
        return deep
                ? new DecodeException(Reason.TOO_DEEP, "nested over " + MAX_DEPTH + " levels")
                : new DecodeException(Reason.TOO_LONG, e.getOriginalMessage());
    }

    private static String describe(@Nullable JsonToken token) {
        if (token == null) {
            return "the end";
        }
        return switch (token) {
            case START_OBJECT, END_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            case FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "something else";
        };
    }
}
