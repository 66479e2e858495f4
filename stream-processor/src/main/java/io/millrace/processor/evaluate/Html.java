package io.millrace.processor.evaluate;

import io.millrace.processor.train.measure.Interval;
import java.util.Locale;

/** Words and figures as HTML text: whatever stands in an event or a manifest stays text. */
final class Html {
    private Html() {}

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    static String figure(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
    }

    /** A figure with its interval, where it has one. */
    static String whole(Interval interval) {
        String range = range(interval);
        return figure(interval.value()) + (range.isEmpty() ? "" : " (" + range + ")");
    }

    static String range(Interval interval) {
        return Double.isNaN(interval.low())
                ? ""
                : String.format(Locale.ROOT, "%.3f to %.3f", interval.low(), interval.high());
    }
}
