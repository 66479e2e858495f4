package io.millrace.ingest.accept;

import io.millrace.deadletter.DeadLetter;
import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import io.millrace.ingest.admit.SourceLimits;
import io.millrace.ingest.admit.TokenBucket;
import io.millrace.ingest.observe.Meters;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Outcome.AcceptedEvent;
import io.millrace.ingest.outcome.Outcome.RefusedEvent;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.publish.Publisher;
import io.millrace.ingest.validate.Batch;
import io.millrace.ingest.validate.Posted;
import io.millrace.log.Ration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way in: whatever protocol brought them, checked events go to Kafka here and their outcome is known here.
 * Refused events go to dead-letters, acknowledged like the rest, so that nothing is dropped silently. Thread-safe; never
 * blocks.
 */
public final class Acceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    /** A producer can be wrong as often as it likes. */
    private static final int LINES_PER_SECOND = 20;

    /**
     * Where events came from.
     *
     * @param rate events a second that the credential has of its own; null for the door's default
     * @param received by the door's clock, in milliseconds
     */
    public record Arrival(Source source, @Nullable Integer rate, Traceparent trace, Instant received) {}

    private final Publisher publisher;
    private final Meters meters;
    private final Ration ration = new Ration(LINES_PER_SECOND);
    private final SourceLimits limits;
    private final Duration retryAfter;

    public Acceptor(Publisher publisher, SourceLimits limits, Meters meters, Duration retryAfter) {
        this.limits = limits;
        this.publisher = publisher;
        this.meters = meters;
        this.retryAfter = retryAfter;
    }

    /** What a source may still post; empty where nothing limits it. */
    public Optional<TokenBucket> allowance(Source source, @Nullable Integer rate) {
        return limits.of(source, rate);
    }

    /** Events a second that a source may post where its credential has no rate of its own; empty where nothing limits it. */
    public OptionalInt usualRate() {
        return limits.usual();
    }

    /** Completes when the broker has acknowledged everything or something failed; on whichever thread knew it. */
    public CompletionStage<Outcome> accept(Arrival arrival, Batch batch) {
        int size = batch.posted().size();
        TokenBucket allowance = limits.of(arrival.source(), arrival.rate()).orElse(null);
        if (allowance != null) {
            long wait = allowance.take(size, System.nanoTime());
            if (wait > 0) {
                return CompletableFuture.completedFuture(
                        new Problem.RateLimited(allowance.rate(), Duration.ofNanos(wait)));
            }
        }
        List<Event> events = new ArrayList<>(size);
        List<DeadLetter> letters = new ArrayList<>();
        List<AcceptedEvent> accepted = new ArrayList<>(size);
        List<RefusedEvent> refused = new ArrayList<>();
        for (Posted posted : batch.posted()) {
            if (posted instanceof Posted.Valid valid) {
                events.add(valid.event());
                accepted.add(new AcceptedEvent(valid.index(), valid.event().id()));
            } else if (posted instanceof Posted.Invalid invalid) {
                letters.add(letter(arrival, invalid));
                refused.add(new RefusedEvent(invalid.index(), invalid.id(), invalid.refusal()));
            }
        }
        long began = System.nanoTime();
        return publisher.publish(events, letters, arrival.trace()).handle((nothing, failure) -> {
            if (failure != null) {
                failed(arrival, size, failure);
                return new Problem.Unavailable(
                        "the broker did not acknowledge every event in time; send the request again, with the same ids",
                        retryAfter);
            }
            meters.published(Duration.ofNanos(System.nanoTime() - began));
            meters.accepted(accepted.size());
            refused.forEach(event -> refused(arrival, event));
            tell(arrival, accepted);
            return accepted.isEmpty() ? new Outcome.Refused(refused) : new Outcome.Accepted(accepted, refused);
        });
    }

    private void refused(Arrival arrival, RefusedEvent event) {
        meters.refused(event.refusal().reason());
        if (ration.take()) {
            LOG.atInfo()
                    .addKeyValue("trace", arrival.trace())
                    .addKeyValue("event_id", event.id())
                    .addKeyValue("source", arrival.source().name())
                    .addKeyValue("reason", event.refusal().reason().code())
                    .addKeyValue("index", event.index())
                    .log("Event refused: it is on dead-letters");
        }
    }

    private void failed(Arrival arrival, int events, Throwable failure) {
        if (ration.take()) {
            LOG.atWarn()
                    .addKeyValue("trace", arrival.trace())
                    .addKeyValue("source", arrival.source().name())
                    .addKeyValue("events", events)
                    .addKeyValue("cause", String.valueOf(failure.getMessage()))
                    .log("Events were not acknowledged: the client was told to send them again");
        }
    }

    private static void tell(Arrival arrival, List<AcceptedEvent> accepted) {
        if (LOG.isDebugEnabled()) {
            accepted.forEach(event -> LOG.atDebug()
                    .addKeyValue("trace", arrival.trace())
                    .addKeyValue("event_id", event.id().value())
                    .addKeyValue("source", arrival.source().name())
                    .log("Event accepted"));
        }
    }

    private static DeadLetter letter(Arrival arrival, Posted.Invalid invalid) {
        return new DeadLetter(
                invalid.refusal().reason(),
                invalid.refusal().detail(),
                DeadLetter.Stage.VALIDATE,
                null,
                arrival.source(),
                invalid.id(),
                null,
                null,
                invalid.payload().copy(DeadLetter.MAX_PAYLOAD),
                invalid.payload().length() > DeadLetter.MAX_PAYLOAD,
                1,
                arrival.received(),
                arrival.trace());
    }
}
