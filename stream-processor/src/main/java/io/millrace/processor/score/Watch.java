package io.millrace.processor.score;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment.Guardrails;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks after a version that is no champion: stops it, once and for good, when it leaves its guardrails. From then on no
 * thread runs it, whether or not the registry has heard of it yet. Each instance judges what it scored itself.
 *
 * <p>Thread-safe; bounded memory; called once a batch and once a canary's prediction.
 */
public final class Watch {
    /** A shadow that fails costs halved batches, event by event; so many are seen before it is left alone. */
    private static final int SHADOW_FAILURES = 100;

    private final ModelVersion version;
    private final int failures;
    private final @Nullable Guardrails guardrails;
    private final @Nullable ScoreShift shift;
    private final Consumer<String> onStop;

    private long failed;
    private long rows;
    private long nanos;
    private volatile @Nullable String stopped;

    private Watch(ModelVersion version, int failures, @Nullable Guardrails guardrails, Consumer<String> onStop) {
        this.version = version;
        this.failures = failures;
        this.guardrails = guardrails;
        this.shift = guardrails == null ? null : new ScoreShift(guardrails.after());
        this.onStop = onStop;
    }

    /** @param onStop told once, in one sentence, on a stream thread: it must not block */
    public static Watch canary(ModelVersion version, Guardrails guardrails, Consumer<String> onStop) {
        return new Watch(version, guardrails.failures(), guardrails, onStop);
    }

    /** @param onStop told once, in one sentence, on a stream thread: it must not block */
    public static Watch shadow(ModelVersion version, Consumer<String> onStop) {
        return new Watch(version, SHADOW_FAILURES, null, onStop);
    }

    boolean isStopped() {
        return stopped != null;
    }

    /** Why it was stopped. */
    public Optional<String> why() {
        return Optional.ofNullable(stopped);
    }

    /** What it is held to; empty for a shadow. */
    public Optional<Guardrails> guardrails() {
        return Optional.ofNullable(guardrails);
    }

    /** The version could not score an event: an exception, or a score that is not finite. */
    synchronized void failed(String detail) {
        failed++;
        if (failed > failures) {
            stop("failed on " + failed + (failed == 1 ? " event" : " events") + ", expected at most " + failures + ": "
                    + detail);
        }
    }

    /** A batch went through the model. */
    synchronized void batch(int size, long took) {
        if (guardrails == null) {
            return;
        }
        rows += size;
        nanos += took;
        if (rows >= guardrails.after()) {
            Duration mean = Duration.ofNanos(nanos / rows);
            if (mean.compareTo(guardrails.slowest()) > 0) {
                stop("took " + millis(mean) + " a score over " + rows + " predictions, expected at most "
                        + millis(guardrails.slowest()));
            }
            rows = 0;
            nanos = 0;
        }
    }

    /** Both versions scored the same event; both scores are finite. */
    synchronized void compare(float champion, float canary) {
        if (shift == null || guardrails == null) {
            return;
        }
        double psi = shift.add(champion, canary);
        if (psi > guardrails.psi()) {
            stop(String.format(
                    Locale.ROOT,
                    "scores unlike the champion: population stability index %.3f over %d predictions, expected at most %s",
                    psi,
                    guardrails.after(),
                    guardrails.psi()));
        }
    }

    private void stop(String what) {
        if (stopped == null) {
            stopped = version + " " + what;
            onStop.accept(stopped);
        }
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.3f ms", duration.toNanos() / 1e6);
    }
}
