package io.millrace.ingest.accept;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.codec.Timestamps;
import io.millrace.event.Erasure;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Endpoint.Status;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.publish.Publisher;
import io.millrace.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code eraseUser}: the order to forget a user goes to its events' topic, behind what it posted before. Thread-safe; never
 * blocks.
 */
public final class EraseEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(EraseEndpoint.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Publisher publisher;
    private final Supplier<Source> onlySource;
    private final Clock clock;
    private final Duration retryAfter;

    /** @param onlySource the one that is meant where none is named; throws IllegalArgumentException where that is not clear */
    public EraseEndpoint(Publisher publisher, Supplier<Source> onlySource, Clock clock, Duration retryAfter) {
        this.publisher = publisher;
        this.onlySource = onlySource;
        this.clock = clock;
        this.retryAfter = retryAfter;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of("eraseUser", this::answer);
    }

    private CompletionStage<Reply> answer(Question question) {
        Event order;
        try {
            order = order(user(question), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(
                    new Reply.Failed(new Problem.BadRequest(String.valueOf(e.getMessage()))));
        }
        return publisher
                .publish(List.of(order), List.of(), question.trace())
                .handle((nothing, failure) -> failure == null ? accepted(order, question.caller()) : failed());
    }

    private UserKey user(Question question) {
        String source = question.parameter("source");
        return new UserKey(
                source == null ? onlySource.get() : new Source(source),
                Boolean.parseBoolean(question.parameter("anonymous")),
                question.path().getOrDefault("userId", ""));
    }

    private static Event order(UserKey user, Instant now) {
        return new Event(
                new EventId("erase-" + UUID.randomUUID()),
                user.source(),
                user.anonymous() ? null : user.id(),
                user.anonymous() ? user.id() : null,
                EventKind.ERASE,
                null,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, now, now, EventTimes.Basis.RECEIVED));
    }

    private static Reply accepted(Event order, String caller) {
        LOG.atInfo()
                .addKeyValue("user_hash", Erasure.hash(order.user()))
                .addKeyValue("by", caller)
                .addKeyValue("id", order.id().value())
                .log("A user is to be erased");
        byte[] answer = JSON.createObjectNode()
                .put("id", order.id().value())
                .put("at", Timestamps.format(order.times().received()))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        return new Reply.Found(Status.ACCEPTED, "application/json", answer);
    }

    private Reply failed() {
        return new Reply.Failed(
                new Problem.Unavailable("the broker did not acknowledge it in time; ask again", retryAfter));
    }
}
