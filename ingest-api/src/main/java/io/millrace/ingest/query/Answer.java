package io.millrace.ingest.query;

import io.millrace.ingest.outcome.Problem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a read. */
public sealed interface Answer {
    /** The problem that an answer other than a page is. */
    static Problem problem(Answer answer) {
        if (answer instanceof BadCursor bad) {
            return new Problem.BadRequest(bad.detail());
        } else if (answer instanceof TooSlow slow) {
            return new Problem.Unavailable(slow.detail(), RETRY_AFTER);
        } else if (answer instanceof Unavailable unavailable) {
            return new Problem.Unavailable(unavailable.detail(), unavailable.retryAfter());
        }
        throw new IllegalArgumentException("a page is no problem");
    }

    /** What who asked for too much is told to wait. */
    Duration RETRY_AFTER = Duration.ofSeconds(1);

    /**
     * A page.
     *
     * @param predictions each encoded as it was asked for, by default one JSON object, UTF-8, the same bytes as on the topic;
     *     not to be written to
     * @param next the cursor of the page after, or null where this was the last
     */
    record Page(List<byte[]> predictions, @Nullable String next) implements Answer {
        public Page {
            predictions = List.copyOf(predictions);
        }
    }

    /** The cursor is none of ours, or of a query with other filters; trying again does not help. */
    record BadCursor(String detail) implements Answer {}

    /** The filters match so few of so many rows that the time was up; narrower filters help. */
    record TooSlow(String detail) implements Answer {}

    /** The store is away or all its connections are busy; later may help. */
    record Unavailable(String detail, Duration retryAfter) implements Answer {}
}
