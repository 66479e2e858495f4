package io.millrace.ingest.validate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** How a refusal's sentence names a JSON value. */
final class JsonTypes {
    private JsonTypes() {}

    static String describe(JsonParser json, JsonToken value) throws IOException {
        return switch (value) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "the text \"" + json.getText() + '"';
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + json.getText();
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NULL -> "null";
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> value.name();
        };
    }
}
