package io.millrace.processor.quality;

import io.millrace.identity.ModelVersion;
import io.millrace.prediction.Role;

/**
 * What counts are of.
 *
 * @param window start in milliseconds since 1970, or {@link #ALL}
 */
record Tally(ModelVersion model, Role role, long window) {
    static final long ALL = Long.MIN_VALUE;

    private static final String CLOSED = "/closed";

    String key() {
        return subject() + '/' + (window == ALL ? "all" : window);
    }

    /** Where it is kept which windows of the version and role are over for good; counts have no such key. */
    String closedKey() {
        return subject() + CLOSED;
    }

    /** Whether it is a key of {@link #closedKey}. */
    static boolean isClosedKey(String key) {
        return key.endsWith(CLOSED);
    }

    private String subject() {
        return model.name() + '/' + model.version() + '/' + role.text();
    }

    static Tally parse(String key) {
        String[] parts = key.split("/", -1);
        return new Tally(
                new ModelVersion(parts[0], parts[1]),
                Role.parse(parts[2]),
                parts[3].equals("all") ? ALL : Long.parseLong(parts[3]));
    }
}
