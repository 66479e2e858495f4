package io.millrace.ingest.observe;

import java.util.Objects;

/** How one dependency is. */
public sealed interface Health {
    /** It serves. */
    record Ready() implements Health {}

    /**
     * It does not.
     *
     * @param reason one sentence for an operator
     */
    record NotReady(String reason) implements Health {
        public NotReady {
            Objects.requireNonNull(reason, "reason");
        }
    }

    Health READY = new Ready();
}
