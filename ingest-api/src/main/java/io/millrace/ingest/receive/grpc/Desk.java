package io.millrace.ingest.receive.grpc;

import io.millrace.grpc.v1.EventOutcome;
import io.millrace.grpc.v1.PostedEvent;
import io.millrace.grpc.v1.Refusal;
import io.millrace.identity.Source;
import io.millrace.ingest.accept.Acceptor;
import io.millrace.ingest.accept.Acceptor.Arrival;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Outcome.AcceptedEvent;
import io.millrace.ingest.outcome.Outcome.RefusedEvent;
import io.millrace.ingest.validate.Batch;
import io.millrace.ingest.validate.EventReader;
import io.millrace.ingest.validate.Framing;
import io.millrace.ingest.validate.ValidationLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * What stands behind the calls that post events: the parts that serve POST /v1/events, and its limits.
 *
 * @param bodyBytes of one batch, as JSON
 * @param bodyDeadline from a message's first byte to its last
 * @param stall after which a client that takes no acks is cut off
 */
public record Desk(
        Admission admission,
        EventReader reader,
        Acceptor acceptor,
        Clock clock,
        ValidationLimits limits,
        int bodyBytes,
        Duration bodyDeadline,
        Duration stall) {

    /** Sends events on the one way in. */
    CompletionStage<Outcome> accept(Call call, EventLines lines) {
        Source source = Objects.requireNonNull(call.principal().source(), "the authorizer checks it");
        Arrival arrival = new Arrival(
                source, call.principal().rate(), call.trace(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        Batch batch = reader.read(lines.bytes(), Framing.NDJSON, source, arrival.received());
        return acceptor.accept(arrival, batch);
    }

    static EventLines lines(List<PostedEvent> events) {
        EventLines lines = new EventLines();
        events.forEach(lines::add);
        return lines;
    }

    /** One for each event, in their order. */
    static List<EventOutcome> outcomes(int events, List<AcceptedEvent> accepted, List<RefusedEvent> refused) {
        EventOutcome[] outcomes = new EventOutcome[events];
        for (AcceptedEvent event : accepted) {
            outcomes[event.index()] =
                    EventOutcome.newBuilder().setId(event.id().value()).build();
        }
        for (RefusedEvent event : refused) {
            outcomes[event.index()] = EventOutcome.newBuilder()
                    .setId(Objects.requireNonNullElse(event.id(), ""))
                    .setRefusal(Refusal.newBuilder()
                            .setCode(event.refusal().reason().code())
                            .setDetail(event.refusal().detail()))
                    .build();
        }
        return Arrays.asList(outcomes);
    }
}
