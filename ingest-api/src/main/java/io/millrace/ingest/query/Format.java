package io.millrace.ingest.query;

import io.millrace.codec.PredictionCodec;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.prediction.StoredPrediction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What predictions are written as. JSON comes in pages, the others as one stream of rows. */
enum Format {
    JSON("json", "application/json", "application/json"),
    NDJSON("ndjson", "application/x-ndjson", "application/x-ndjson"),
    CSV("csv", "text/csv; charset=utf-8; header=present", "text/csv");

    private final String text;
    private final String contentType;
    private final String mediaType;

    Format(String text, String contentType, String mediaType) {
        this.text = text;
        this.contentType = contentType;
        this.mediaType = mediaType;
    }

    String contentType() {
        return contentType;
    }

    /** What stands before the first row. */
    byte[] head() {
        return this == CSV ? CsvRow.HEAD.getBytes(StandardCharsets.UTF_8) : new byte[0];
    }

    byte[] row(StoredPrediction prediction) {
        return switch (this) {
            case JSON -> PredictionCodec.encode(prediction);
            case NDJSON -> line(PredictionCodec.encode(prediction));
            case CSV -> CsvRow.of(prediction);
        };
    }

    private static byte[] line(byte[] json) {
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /**
     * Reads the parameter {@code format}.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Format parse(String text) {
        for (Format format : values()) {
            if (format.text.equals(text)) {
                return format;
            }
        }
        throw new IllegalArgumentException(text);
    }

    /**
     * The format that a header {@code Accept} likes best; of two liked alike the first one here.
     *
     * @param accept null where there is none, which takes everything
     */
    static Optional<Format> accepted(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return Optional.of(JSON);
        }
        Format best = null;
        float bestQuality = 0;
        for (Format format : values()) {
            float quality = Accept.quality(accept, format.mediaType);
            if (quality > bestQuality) {
                best = format;
                bestQuality = quality;
            }
        }
        return Optional.ofNullable(best);
    }

    /** One sentence for who asks for something else. */
    static String expected(String accept) {
        return "Accept: given " + Refusal.shorten(accept)
                + ", expected application/json, application/x-ndjson or text/csv";
    }
}
