package io.millrace.processor.serve;

import io.millrace.config.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * How ScoringService runs.
 *
 * @param advertised {@code host:port} for other processors, where it is not host and port
 * @param waiting requests that may wait for the scorer
 * @param linger of a batch, while requests are on their way to it
 * @param deadline of a call that brings none
 * @param readers threads that read users' state
 * @param model that is meant where a question names none and several could be
 */
public record ServeConfig(
        String host,
        int port,
        Optional<String> advertised,
        int waiting,
        Duration linger,
        Duration deadline,
        int readers,
        String model) {
    /** Reads the keys; wrong values are collected in {@code settings}. */
    public static ServeConfig from(Settings settings) {
        String advertised = settings.get(ServeKeys.ADVERTISED);
        if (!advertised.isEmpty() && !advertised.matches("[^:\\s]+:[0-9]{1,5}")) {
            settings.error(ServeKeys.ADVERTISED.path() + ": given \"" + advertised + "\", expected host:port");
        }
        return new ServeConfig(
                settings.get(ServeKeys.HOST),
                settings.get(ServeKeys.PORT),
                advertised.isEmpty() ? Optional.empty() : Optional.of(advertised),
                settings.get(ServeKeys.WAITING),
                settings.get(ServeKeys.LINGER),
                settings.get(ServeKeys.DEADLINE),
                settings.get(ServeKeys.READERS),
                settings.get(ServeKeys.MODEL));
    }
}
