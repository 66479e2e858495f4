package io.millrace.deadletter;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter that was put back: the header of its events on user-events, and its record on redrives, in one transaction.
 *
 * @param letter that was put back
 * @param attempt which try this is; a dead letter that comes of it has as many attempts. 2 for the first redrive
 * @param at when
 * @param taken whether the event had been remembered as seen and counted in the features before: then it is scored and
 *     nothing else
 * @param model {@code name@version} that had refused it, the only one that is to score it; null for all of them
 */
public record Redrive(
        LetterId letter,
        int attempt,
        Instant at,
        boolean taken,
        @Nullable String model) {
    private static final int LONGEST_MODEL = 256;

    public Redrive {
        Objects.requireNonNull(letter, "letter");
        Objects.requireNonNull(at, "at");
        if (attempt < 2) {
            throw new IllegalArgumentException(
                    "attempt " + attempt + ": expected 2 or more, as the first was no redrive");
        }
        if (model != null && model.length() > LONGEST_MODEL) {
            throw new IllegalArgumentException(
                    "model of " + model.length() + " characters: expected at most " + LONGEST_MODEL);
        }
        if (model != null && !taken) {
            throw new IllegalArgumentException("model " + model + ": expected none before an event was counted");
        }
    }

    /** Of a letter that is put back now. */
    public static Redrive of(LetterId id, DeadLetter letter, Instant now) {
        boolean taken = letter.stage().isTaken();
        return new Redrive(id, Math.max(1, letter.attempts()) + 1, now, taken, taken ? letter.model() : null);
    }
}
