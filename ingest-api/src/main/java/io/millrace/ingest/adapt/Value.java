package io.millrace.ingest.adapt;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One JSON value where it stands in a body.
 *
 * @param token its first
 * @param from its first byte
 * @param to after its last
 * @param text of a string or a number; null of anything else
 */
public record Value(
        JsonToken token, int from, int to, @Nullable String text) {
    /** Reads the value at which the parser stands, to its end. */
    public static Value read(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        int from = (int) json.currentTokenLocation().getByteOffset();
        String text = null;
        int to;
        if (token.isStructStart()) {
            json.skipChildren();
            to = (int) json.currentLocation().getByteOffset();
        } else if (token == JsonToken.VALUE_STRING) {
            text = json.getText();
            to = (int) json.currentLocation().getByteOffset();
        } else {
            String written = json.getText();
            text = token.isNumeric() ? written : null;
            to = from + written.length();
        }
        return new Value(token, from, to, text);
    }

    /** The same where the text before it is longer. */
    public Value movedBy(int bytes) {
        return new Value(token, from + bytes, to + bytes, text);
    }

    public boolean isObject() {
        return token == JsonToken.START_OBJECT;
    }

    public boolean isNull() {
        return token == JsonToken.VALUE_NULL;
    }

    public boolean isNumber() {
        return token.isNumeric();
    }

    /** Null, or a text of nothing but spaces: SDKs say so what they do not know. */
    public boolean isBlank() {
        return isNull() || (token == JsonToken.VALUE_STRING && text != null && text.isBlank());
    }
}
