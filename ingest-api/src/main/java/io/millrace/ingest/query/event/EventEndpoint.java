package io.millrace.ingest.query.event;

import io.millrace.codec.DecodeException;
import io.millrace.codec.PredictionCodec;
import io.millrace.codec.Timestamps;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.query.Answer;
import io.millrace.ingest.query.Parameters;
import io.millrace.ingest.query.PredictionQuery;
import io.millrace.ingest.query.Predictions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * {@code getEvent}: what became of an event. Nothing is written down for it when events come in: the store has an index of
 * ids, and the topics are searched when somebody asks, for a bounded time. Thread-safe; whoever makes it closes it.
 */
public final class EventEndpoint implements AutoCloseable {
    /** How long the search waits for the store to say when the event was received. */
    private static final Duration HINT = Duration.ofMillis(300);

    private static final int MOST_PREDICTIONS = 100;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Predictions predictions;
    private final Executor readers;
    private final EventsConfig config;
    private final EventSearch search;
    private final Clock clock;

    /** @param readers runs the blocking read of the store; may reject it */
    public EventEndpoint(Predictions predictions, Executor readers, EventsConfig config, Clock clock) {
        this.predictions = predictions;
        this.readers = readers;
        this.config = config;
        this.search = new EventSearch(config, clock);
        this.clock = clock;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of("getEvent", this::answer);
    }

    @Override
    public void close() {
        search.close();
    }

    private CompletionStage<Reply> answer(Question question) {
        Wanted wanted;
        try {
            wanted = wanted(question);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(
                    new Reply.Failed(new Problem.BadRequest(String.valueOf(e.getMessage()))));
        }
        CompletableFuture<Answer> stored = stored(wanted);
        return stored.thenApply(EventEndpoint::received)
                .completeOnTimeout(Optional.empty(), HINT.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(seen -> search.begin(wanted, seen))
                .thenCombine(stored, (parts, answer) -> reply(Told.of(wanted, answer, parts, clock.instant())));
    }

    private static Wanted wanted(Question question) {
        Parameters parameters = new Parameters(question);
        Instant from = parameters.value("from", Timestamps::parse, "ISO 8601 with an offset");
        Instant to = parameters.value("to", Timestamps::parse, "ISO 8601 with an offset");
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException("from: given " + from + ", expected a time before to, " + to);
        }
        return new Wanted(
                new EventId(question.path().getOrDefault("id", "")),
                parameters.value("source", Source::new, "the name of a source"),
                parameters.text("userId"),
                from,
                to);
    }

    private CompletableFuture<Answer> stored(Wanted wanted) {
        PredictionQuery query = PredictionQuery.newest(MOST_PREDICTIONS)
                .eventId(wanted.id().value())
                .source(wanted.source())
                .userId(wanted.userId())
                .withoutShadows()
                .build();
        try {
            return CompletableFuture.supplyAsync(() -> predictions.read(query), readers)
                    .completeOnTimeout(
                            new Answer.Unavailable("the store did not answer in time", RETRY_AFTER),
                            config.deadline().toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(
                    new Answer.Unavailable("too many reads wait already", RETRY_AFTER));
        }
    }

    /** When the event was received that the latest prediction is about. */
    private static Optional<Instant> received(Answer stored) {
        if (stored instanceof Answer.Page page && !page.predictions().isEmpty()) {
            try {
                return Optional.of(
                        PredictionCodec.decodeStored(page.predictions().get(0))
                                .prediction()
                                .receivedAt());
            } catch (DecodeException e) {
                throw new IllegalStateException("what the store gave was encoded a moment ago", e);
            }
        }
        return Optional.empty();
    }

    private static Reply reply(Told told) {
        if (told.isNothing()) {
            return new Reply.Failed(new Problem.Unavailable(
                    "neither the store nor the broker can be asked at this moment", RETRY_AFTER));
        }
        if (told.isNowhere()) {
            return new Reply.Failed(new Problem.NotFound(
                    told.wanted().isBounded()
                            ? "no event with this id was received in that time, as far as it is kept"
                            : "no event with this id is in what is kept"));
        }
        return new Reply.Found("application/json", ToldJson.of(told));
    }
}
