package io.millrace.ingest.authorize;

import java.util.Locale;
import java.util.Optional;

/** Who somebody is here. */
public enum Role {
    /** Nobody in particular; who shows no credential is one. */
    GUEST,
    /** Posts events of its own source. */
    PRODUCER,
    /** Reads predictions and asks for new ones; live features are as private as stored ones. */
    ANALYST,
    /** Runs Millrace; posts events where its token names a source. */
    OPERATOR,
    /** Everything. */
    ADMIN;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The one table of what each role may do. */
    boolean may(Permission permission) {
        return switch (permission) {
            case PUBLIC -> true;
            case EVENTS_WRITE -> this == PRODUCER || this == OPERATOR || this == ADMIN;
            case PREDICTIONS_READ, PREDICTIONS_MAKE, MODELS_READ, PIPELINE_READ ->
                this == ANALYST || this == OPERATOR || this == ADMIN;
            case MODELS_WRITE, LETTERS_READ, USERS_ERASE, SOURCES_READ, SOURCES_WRITE, METRICS_READ ->
                this == OPERATOR || this == ADMIN;
        };
    }

    /** As the claim {@code roles} carries it. */
    public String text() {
        return text;
    }

    static Optional<Role> parse(String text) {
        for (Role role : values()) {
            if (role.text.equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
