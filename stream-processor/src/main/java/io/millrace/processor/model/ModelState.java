package io.millrace.processor.model;

import io.millrace.identity.ModelVersion;
import io.millrace.prediction.Role;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far one version is on this instance.
 *
 * @param model the version
 * @param role that it has or will have here; null where it only goes
 * @param phase how far it is
 * @param detail why it failed, or null
 * @param since when it came to this phase
 */
public record ModelState(
        ModelVersion model,
        @Nullable Role role,
        Phase phase,
        @Nullable String detail,
        Instant since) {
    /** From nothing to serving and away again. */
    public enum Phase {
        /** The artifact is fetched, checked and tried. */
        LOADING,
        /** Every stream thread runs it until it is fast. */
        WARMING,
        /** It scores. */
        SERVING,
        /** Its last batches are scored; then its native memory is freed. */
        DRAINING,
        /** It cannot be loaded here; what served before goes on. */
        FAILED
    }

    public ModelState {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(since, "since");
    }
}
