package io.millrace.config;

import java.util.List;

/** Settings were wrong; the process must not start. */
public final class ConfigurationException extends RuntimeException {
    private final List<String> errors;

    public ConfigurationException(List<String> errors) {
        super(String.join("\n", errors));
        this.errors = List.copyOf(errors);
    }

    /** One sentence each: the path, where it was given, what was given, what was expected. */
    public List<String> errors() {
        return errors;
    }
}
