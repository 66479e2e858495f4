package io.millrace.ingest.query;

import io.millrace.codec.PredictionCodec;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.prediction.StoredPrediction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
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
     * The format that a header {@code Accept} likes best, as RFC 9110 says it: of two media ranges that fit the more precise
     * one counts, and of two formats liked alike the first one here is taken. What is no media range is passed over.
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
            float quality = format.quality(accept);
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

    private float quality(String accept) {
        float best = 0;
        int precision = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            int fit = precision(parts[0].trim().toLowerCase(Locale.ROOT));
            float quality = quality(parts);
            if (fit > precision || (fit == precision && fit > 0 && quality > best)) {
                best = quality;
                precision = fit;
            }
        }
        return best;
    }

    /** 0 where the range does not have this format, else the more the narrower it is. */
    private int precision(String range) {
        if (range.equals(mediaType)) {
            return 3;
        }
        if (range.equals(mediaType.substring(0, mediaType.indexOf('/') + 1) + "*")) {
            return 2;
        }
        return range.equals("*/*") ? 1 : 0;
    }

    private static float quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                try {
                    float quality = Float.parseFloat(parameter.substring(2).trim());
                    return quality >= 0 && quality <= 1 ? quality : 0;
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
