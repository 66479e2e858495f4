package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.validate.Framing;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a request says that its body is to be read.
 *
 * @param gzip whether it is compressed
 */
record EventBody(Framing framing, boolean gzip) {
    private static final String EXPECTED = "application/json or application/x-ndjson, in UTF-8";
    private static final Set<String> LINES =
            Set.of("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines");

    /** What the headers say, or why nobody reads such a body. */
    sealed interface Described {
        record As(EventBody body) implements Described {}

        record Unreadable(Problem problem) implements Described {}
    }

    static Described describe(MultiMap headers) {
        String encoding = headers.get(HttpHeaders.CONTENT_ENCODING);
        Optional<Boolean> gzip = gzip(encoding);
        if (gzip.isEmpty()) {
            return unreadable("Content-Encoding", encoding, "gzip or identity");
        }
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        Optional<Framing> framing = framing(type);
        return framing.isEmpty()
                ? unreadable("Content-Type", type, EXPECTED)
                : new Described.As(new EventBody(framing.get(), gzip.get()));
    }

    /** Whether a Content-Encoding says so; empty where it says something else that nobody reads. */
    static Optional<Boolean> gzip(@Nullable String encoding) {
        if (encoding == null) {
            return Optional.of(false);
        }
        return switch (encoding.trim().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> Optional.of(false);
            case "gzip", "x-gzip" -> Optional.of(true);
            default -> Optional.empty();
        };
    }

    private static Optional<Framing> framing(@Nullable String type) {
        if (type == null) {
            return Optional.empty();
        }
        int semicolon = type.indexOf(';');
        if (semicolon >= 0 && !isUtf8(type.substring(semicolon + 1))) {
            return Optional.empty();
        }
        String media =
                (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
        if (media.equals("application/json")) {
            return Optional.of(Framing.JSON);
        }
        return LINES.contains(media) ? Optional.of(Framing.NDJSON) : Optional.empty();
    }

    /** Parameters other than the charset mean nothing for JSON (RFC 8259, section 11). */
    private static boolean isUtf8(String parameters) {
        for (String parameter : parameters.split(";", -1)) {
            String[] pair = parameter.trim().toLowerCase(Locale.ROOT).split("=", 2);
            if (pair[0].equals("charset") && pair.length == 2) {
                String charset = pair[1].replace("\"", "").trim();
                if (!charset.equals("utf-8") && !charset.equals("utf8")) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Described unreadable(String header, @Nullable String given, String expected) {
        return new Described.Unreadable(Problem.UnsupportedMediaType.of(header, given, expected));
    }
}
