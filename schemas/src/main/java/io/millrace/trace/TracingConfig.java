package io.millrace.trace;

import io.millrace.config.Settings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is recorded of the traces, and where it goes.
 *
 * @param sample share of the traces that begin here, 0 to 1
 * @param endpoint that takes OTLP over HTTP; empty for none
 * @param headers that go there with every request; secrets
 * @param queue spans that wait for it at most
 * @param linesPerSecond spans that become lines of the log
 */
public record TracingConfig(
        double sample, String endpoint, Map<String, String> headers, int queue, int linesPerSecond) {
    /** Nothing is recorded; contexts are carried on all the same. */
    public static final TracingConfig OFF = new TracingConfig(0, "", Map.of(), 1, 0);

    public TracingConfig {
        headers = Map.copyOf(headers);
    }

    /** Reads its settings; what is wrong is told by {@link Settings#check}. */
    public static TracingConfig from(Settings settings) {
        String endpoint = settings.get(TraceKeys.ENDPOINT);
        if (!endpoint.isEmpty() && !endpoint.startsWith("http://") && !endpoint.startsWith("https://")) {
            settings.error(TraceKeys.ENDPOINT.path() + ": given \"" + endpoint + "\", expected http://… or https://…");
            endpoint = "";
        }
        return new TracingConfig(
                settings.get(TraceKeys.SAMPLE),
                endpoint,
                headers(settings),
                settings.get(TraceKeys.QUEUE),
                settings.get(TraceKeys.LOG));
    }

    /** Whether a span that is recorded gets anywhere. */
    boolean isOn() {
        return !endpoint.isEmpty() || linesPerSecond > 0;
    }

    private static Map<String, String> headers(Settings settings) {
        Map<String, String> headers = new LinkedHashMap<>();
        String text = settings.get(TraceKeys.HEADERS);
        if (text.isBlank()) {
            return headers;
        }
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                settings.error(TraceKeys.HEADERS.path() + ": given a secret, expected name=value,name=value,…");
                return Map.of();
            }
            headers.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        return headers;
    }

    @Override
    public String toString() {
        return "TracingConfig[" + sample + ", " + endpoint + ", " + headers.keySet() + "]";
    }
}
