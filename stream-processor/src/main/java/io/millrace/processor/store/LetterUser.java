package io.millrace.processor.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.deadletter.DeadLetter;
import io.millrace.identity.UserKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Whose event was refused, as far as the refused bytes tell: they need not be JSON, nor whole. Thread-safe. */
public final class LetterUser {
    private static final JsonFactory JSON = JsonFactory.builder()
            // Names are what anybody posted.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private LetterUser() {}

    /** The user's id, else the visitor's anonymous one, else what the record's key says; null where nothing tells. */
    public static @Nullable String of(DeadLetter letter) {
        byte[] payload = letter.payload();
        String user = payload == null ? null : inJson(payload);
        return user != null ? user : inKey(letter.key());
    }

    private static @Nullable String inJson(byte[] payload) {
        String anonymous = null;
        try (JsonParser parser = JSON.createParser(payload)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING && field.equals("userId")) {
                    String user = id(parser.getText());
                    if (user != null) {
                        return user;
                    }
                } else if (value == JsonToken.VALUE_STRING && field.equals("anonymousId")) {
                    anonymous = id(parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            // What was found before it broke off is as good.
            return anonymous;
        }
        return anonymous;
    }

    private static @Nullable String inKey(byte @Nullable [] key) {
        if (key == null) {
            return null;
        }
        try {
            return id(UserKey.parse(new String(key, StandardCharsets.UTF_8)).id());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String id(String text) {
        boolean fits = !text.isEmpty() && text.length() <= UserKey.MAX_ID_LENGTH;
        return fits && StoredTexts.isStorable(text) ? text : null;
    }
}
