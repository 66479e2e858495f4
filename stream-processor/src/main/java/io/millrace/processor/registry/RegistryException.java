package io.millrace.processor.registry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A change of the registry was not made, for a reason that is not the model's; the message is one sentence for who asked. */
public final class RegistryException extends Exception {
    /** Whether and when trying again helps. */
    public enum Kind {
        /** There is no such model or version. */
        NOT_FOUND,
        /** The version is registered with other bytes; it never changes. */
        EXISTS,
        /** Something else was changed first: look, and try again. */
        CONFLICT,
        /** What is deployed stands against it. */
        IN_THE_WAY,
        /** What was asked for is wrong. */
        WRONG,
        /** Too many uploads at once: try again later. */
        FULL,
        /** The broker does not answer: try again later. */
        UNAVAILABLE
    }

    private final Kind kind;

    public RegistryException(Kind kind, String message) {
        this(kind, message, null);
    }

    public RegistryException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    public Kind kind() {
        return kind;
    }

    /** The sentence. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
