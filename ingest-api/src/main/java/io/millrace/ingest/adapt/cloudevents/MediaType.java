package io.millrace.ingest.adapt.cloudevents;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a Content-Type or a datacontenttype says.
 *
 * @param name type and subtype in lower case, without parameters
 * @param charset as it is named; null where it is not
 */
record MediaType(String name, @Nullable String charset) {
    private static final Set<String> TEXTS = Set.of(
            "application/xml", "application/x-www-form-urlencoded", "application/yaml", "application/javascript");

    /** Null where nothing is said. */
    static @Nullable MediaType of(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        String[] parts = text.split(";", -1);
        String charset = null;
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].trim().split("=", 2);
            if (pair.length == 2 && pair[0].trim().equalsIgnoreCase("charset")) {
                charset = pair[1].trim().replace("\"", "");
            }
        }
        return new MediaType(parts[0].trim().toLowerCase(Locale.ROOT), charset);
    }

    boolean isJson() {
        return name.equals("application/json") || name.equals("text/json") || name.endsWith("+json");
    }

    boolean isText() {
        return name.startsWith("text/") || name.endsWith("+xml") || TEXTS.contains(name);
    }

    /** UTF-8 where none is named; null where nobody here knows it. */
    @Nullable
    Charset encoding() {
        if (charset == null || charset.equalsIgnoreCase("utf8")) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.isSupported(charset) ? Charset.forName(charset) : null;
        } catch (IllegalCharsetNameException e) {
            return null;
        }
    }
}
