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

    String key() {
        return model.name() + '/' + model.version() + '/' + role.text() + '/' + (window == ALL ? "all" : window);
    }

    static Tally parse(String key) {
        String[] parts = key.split("/", -1);
        return new Tally(
                new ModelVersion(parts[0], parts[1]),
                Role.parse(parts[2]),
                parts[3].equals("all") ? ALL : Long.parseLong(parts[3]));
    }
}
