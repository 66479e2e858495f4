package io.millrace.ingest.receive;

import io.millrace.ingest.accept.Acceptor;
import io.millrace.ingest.accept.Acceptor.Arrival;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers what became of posted events, in whatever protocol. */
final class Acknowledgement {
    private Acknowledgement() {}

    /**
     * Answers, with the source's allowance in the headers.
     *
     * @param outcome null where there is a bug instead
     * @param success answers what the brokers have
     */
    static void answer(
            Exchange exchange,
            Acceptor acceptor,
            Arrival arrival,
            @Nullable Outcome outcome,
            @Nullable Throwable bug,
            Consumer<Outcome.Accepted> success) {
        if (!exchange.isAnswered()) {
            acceptor.allowance(arrival.source(), arrival.rate())
                    .ifPresent(
                            bucket -> RateLimitHeaders.put(exchange.request().response(), bucket, System.nanoTime()));
        }
        if (outcome instanceof Outcome.Accepted accepted) {
            success.accept(accepted);
        } else if (outcome instanceof Outcome.Refused refused) {
            exchange.refused(refused);
        } else if (outcome instanceof Problem problem) {
            exchange.problem(problem);
        } else {
            exchange.bug(bug);
        }
    }
}
