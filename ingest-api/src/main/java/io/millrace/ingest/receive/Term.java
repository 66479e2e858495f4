package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Problem;
import java.time.Duration;

/** By when a request must be whole, then answered, and what is said where it is not. Belongs to its exchange. */
final class Term {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Duration unwanted;
    private Duration patience;
    private Problem problem;
    private long end;

    /** Begins with the request's head. */
    Term(HttpConfig config) {
        this.unwanted = config.bodyDeadline();
        this.patience = config.requestDeadline();
        this.problem = new Problem.BodyTooSlow(unwanted);
        within(unwanted);
    }

    /** Takes another time than most for the body, and for the answer after it. */
    void allow(Duration time) {
        problem = new Problem.BodyTooSlow(time);
        patience = time;
        within(time);
    }

    /** Of a body that is late nothing was taken: whoever says so may be sent it again. */
    void lateBodyMayComeAgain() {
        problem = new Problem.Unavailable(problem.detail() + "; send it again, with the same ids", RETRY_AFTER);
    }

    /** The request is whole: from now on it is the answer that may be late. */
    void awaitAnswer() {
        problem = new Problem.Unavailable(
                "no answer within " + patience.toMillis() + " ms; send the request again, with the same ids",
                RETRY_AFTER);
        within(patience);
    }

    /** There is an answer: what of the body still comes must come to its end. */
    void awaitRest() {
        within(unwanted);
    }

    boolean isOver(long nanoTime) {
        return nanoTime - end >= 0;
    }

    /** What to say of a request that was too late. */
    Problem problem() {
        return problem;
    }

    private void within(Duration time) {
        end = System.nanoTime() + time.toNanos();
    }
}
