package io.millrace.ingest.query;

import java.util.Locale;

/** The header {@code Accept}, as RFC 9110 says it. */
public final class Accept {
    private Accept() {}

    /**
     * How much a client likes a media type, 0 for not at all. Of two media ranges that fit, the more precise one counts; what
     * is no media range is passed over.
     */
    public static float quality(String accept, String mediaType) {
        float best = 0;
        int precision = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            int fit = precision(parts[0].trim().toLowerCase(Locale.ROOT), mediaType);
            float quality = quality(parts);
            if (fit > precision || (fit == precision && fit > 0 && quality > best)) {
                best = quality;
                precision = fit;
            }
        }
        return best;
    }

    /** 0 where the range does not have it, else the more the narrower it is. */
    private static int precision(String range, String mediaType) {
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
