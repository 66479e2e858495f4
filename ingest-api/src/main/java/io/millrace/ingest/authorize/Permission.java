package io.millrace.ingest.authorize;

/** What an operation asks of its caller; the text is the contract's {@code x-permission}. */
public enum Permission {
    /** Nothing: health and the contracts themselves. */
    PUBLIC("public"),
    EVENTS_WRITE("events:write"),
    PREDICTIONS_READ("predictions:read"),
    PREDICTIONS_MAKE("predictions:make"),
    MODELS_READ("models:read"),
    MODELS_WRITE("models:write"),
    LETTERS_READ("letters:read"),
    SOURCES_READ("sources:read"),
    SOURCES_WRITE("sources:write"),
    PIPELINE_READ("pipeline:read"),
    USERS_ERASE("users:erase"),
    METRICS_READ("metrics:read");

    private final String text;

    Permission(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /**
     * Reads what the contract says.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Permission parse(String text) {
        for (Permission permission : values()) {
            if (permission.text.equals(text)) {
                return permission;
            }
        }
        throw new IllegalArgumentException("x-permission: given \"" + text + "\", expected one of Permission");
    }
}
