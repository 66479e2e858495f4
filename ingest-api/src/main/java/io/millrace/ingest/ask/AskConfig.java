package io.millrace.ingest.ask;

import io.millrace.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the processor is asked.
 *
 * @param processors where they listen; may be none
 * @param deadline of a question, its retries included
 * @param attempts at most
 * @param backoff before the second attempt; it doubles with each
 * @param inFlight questions under way to one processor
 * @param open how long a processor is left alone that does not answer
 * @param userDeadline of all parts of what is known of a user
 * @param modelBytes of the largest upload
 * @param modelDeadline of an upload with its trial, and of a change of a deployment
 */
public record AskConfig(
        List<Address> processors,
        Duration deadline,
        int attempts,
        Duration backoff,
        int inFlight,
        Duration open,
        Duration userDeadline,
        long modelBytes,
        Duration modelDeadline) {
    private static final Pattern ADDRESS = Pattern.compile("([^:,\\s]+|\\[[0-9a-fA-F:]+]):([0-9]{1,5})");

    /** Where a processor listens. */
    public record Address(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    public AskConfig {
        processors = List.copyOf(processors);
    }

    /** Reads the keys; wrong values are collected in {@code settings}. */
    public static AskConfig from(Settings settings) {
        return new AskConfig(
                addresses(settings),
                settings.get(AskKeys.DEADLINE),
                settings.get(AskKeys.ATTEMPTS),
                settings.get(AskKeys.BACKOFF),
                settings.get(AskKeys.IN_FLIGHT),
                settings.get(AskKeys.OPEN),
                settings.get(AskKeys.USER_DEADLINE),
                settings.get(AskKeys.MODEL_BYTES),
                settings.get(AskKeys.MODEL_DEADLINE));
    }

    private static List<Address> addresses(Settings settings) {
        List<Address> addresses = new ArrayList<>();
        String text = settings.get(AskKeys.PROCESSORS);
        for (String each : text.isBlank() ? new String[0] : text.split(",", -1)) {
            Matcher address = ADDRESS.matcher(each.trim());
            if (address.matches()) {
                addresses.add(new Address(address.group(1), Integer.parseInt(address.group(2))));
            } else {
                settings.error(AskKeys.PROCESSORS.path() + ": given \"" + each.trim() + "\", expected host:port");
            }
        }
        return addresses;
    }
}
