package io.millrace.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of one model score, and in which role. One record a model on topic models; a newer one replaces it.
 *
 * @param name of the model
 * @param revision one more with each change; 1 is the first
 * @param champion version whose predictions count
 * @param canary that takes a share of the users from the champion, or null
 * @param shadows versions that score every event beside them, for comparison
 * @param previous champion, to which a rollback returns; its features are kept warm. Null where there was none
 * @param by who asked for it: a token's subject, or "millrace" for what Millrace did by itself
 * @param at when
 * @param reason in one sentence, or null
 */
public record Deployment(
        String name,
        long revision,
        String champion,
        @Nullable Canary canary,
        List<String> shadows,
        @Nullable String previous,
        String by,
        Instant at,
        @Nullable String reason) {
    /** Each version that scores costs a pass over every event. */
    public static final int MOST_SHADOWS = 8;

    /**
     * A version on trial.
     *
     * @param version of the model
     * @param percent of the users who get it instead of the champion, above 0 and at most 100; sticky by user
     * @param guardrails beyond which it is taken back without asking
     */
    public record Canary(String version, double percent, Guardrails guardrails) {
        public Canary {
            Objects.requireNonNull(version, "canary.version");
            Objects.requireNonNull(guardrails, "canary.guardrails");
            if (!(percent > 0 && percent <= 100)) {
                throw new IllegalArgumentException("canary.percent " + percent + ": expected above 0, at most 100");
            }
        }
    }

    /**
     * What a canary may not do.
     *
     * @param failures at most so many of its batches or scores may fail: by an exception or a score that is not finite
     * @param slowest mean time that a score may take, over a window of predictions
     * @param psi population stability index of its scores against the champion's on the same stream; 0.25 is the usual
     *     sign of a changed distribution
     * @param after so many predictions are needed before slowest and psi are judged
     */
    public record Guardrails(int failures, Duration slowest, double psi, int after) {
        public static final Guardrails DEFAULT = new Guardrails(0, Duration.ofMillis(5), 0.25, 500);

        public Guardrails {
            Objects.requireNonNull(slowest, "guardrails.slowest");
            if (failures < 0 || slowest.isNegative() || slowest.isZero() || !(psi > 0) || after < 1) {
                throw new IllegalArgumentException("guardrails failures " + failures + ", slowest " + slowest + ", psi "
                        + psi + ", after " + after + ": expected failures from 0, the others above 0");
            }
        }
    }

    public Deployment {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(champion, "champion");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
        shadows = List.copyOf(shadows);
        if (revision < 1) {
            throw new IllegalArgumentException("revision " + revision + ": expected 1 or more");
        }
        if (shadows.size() > MOST_SHADOWS) {
            throw new IllegalArgumentException(shadows.size() + " shadows: expected at most " + MOST_SHADOWS);
        }
        if (new HashSet<>(versions(champion, canary, shadows)).size()
                != versions(champion, canary, shadows).size()) {
            throw new IllegalArgumentException(
                    "a version has two roles: expected champion, canary and shadows to differ");
        }
    }

    /** The versions that score: the champion, then the canary, then the shadows. */
    public List<String> versions() {
        return versions(champion, canary, shadows);
    }

    private static List<String> versions(String champion, @Nullable Canary canary, List<String> shadows) {
        List<String> versions = new ArrayList<>();
        versions.add(champion);
        if (canary != null) {
            versions.add(canary.version());
        }
        versions.addAll(shadows);
        return List.copyOf(versions);
    }
}
