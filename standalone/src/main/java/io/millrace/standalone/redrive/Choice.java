package io.millrace.standalone.redrive;

import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Reason;
import io.millrace.identity.Source;
import io.millrace.processor.store.LetterUser;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are to be put back; what is null asks for nothing.
 *
 * @param model {@code name@version}
 * @param user the id of a user or visitor
 * @param from refused at or after it
 * @param to refused before it
 */
public record Choice(
        @Nullable LetterId letter,
        @Nullable Reason reason,
        DeadLetter.@Nullable Stage stage,
        @Nullable String model,
        @Nullable Source source,
        @Nullable String user,
        @Nullable Instant from,
        @Nullable Instant to) {
    /** All of them. */
    public static final Choice ALL = new Choice(null, null, null, null, null, null, null, null);

    boolean takes(LetterId id, DeadLetter of) {
        return is(letter, id)
                && is(reason, of.reason())
                && is(stage, of.stage())
                && is(model, of.model())
                && is(source, of.source())
                && (from == null || !of.failedAt().isBefore(from))
                && (to == null || of.failedAt().isBefore(to))
                // The last, because it reads the refused bytes.
                && (user == null || user.equals(LetterUser.of(of)));
    }

    private static boolean is(@Nullable Object wanted, @Nullable Object given) {
        return wanted == null || wanted.equals(given);
    }
}
