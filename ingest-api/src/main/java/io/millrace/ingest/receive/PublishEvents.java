package io.millrace.ingest.receive;

import io.millrace.identity.Source;
import io.millrace.ingest.accept.Acceptor;
import io.millrace.ingest.accept.Acceptor.Arrival;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.admit.TokenBucket;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.Batch;
import io.millrace.ingest.validate.EventReader;
import io.millrace.ingest.validate.Framing;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code POST /v1/events}: from a body to the broker's acknowledgement. */
final class PublishEvents implements OperationHandler {
    private final HttpConfig config;
    private final Admission admission;
    private final EventReader reader;
    private final Acceptor acceptor;
    private final Clock clock;

    PublishEvents(HttpConfig config, Admission admission, EventReader reader, Acceptor acceptor, Clock clock) {
        this.config = config;
        this.admission = admission;
        this.reader = reader;
        this.acceptor = acceptor;
        this.clock = clock;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        String query = exchange.request().query();
        if (query != null && !query.isEmpty()) {
            exchange.problem(
                    new Problem.BadRequest("parameter " + Refusal.shorten(query.split("=", 2)[0]) + ": expected none"));
            return;
        }
        long wait = allowance(exchange)
                .map(bucket -> bucket.waitNanos(System.nanoTime()))
                .orElse(0L);
        if (wait > 0) {
            // Not even the body is read.
            limited(exchange);
            return;
        }
        EventBody.Described described = EventBody.describe(exchange.request().headers());
        if (described instanceof EventBody.Described.Unreadable unreadable) {
            exchange.problem(unreadable.problem());
        } else if (announced(exchange.request()) > config.bodyBytes()) {
            exchange.problem(new Problem.BodyTooLarge(config.bodyBytes()));
        } else if (described instanceof EventBody.Described.As as) {
            admission
                    .admit()
                    .ifPresentOrElse(
                            ticket -> take(exchange, as.body(), ticket), () -> exchange.problem(admission.full()));
        }
    }

    private void take(Exchange exchange, EventBody body, Admission.Ticket ticket) {
        exchange.holdUntilAnswered(ticket);
        new BodyReader(exchange, ticket, config.bodyBytes())
                .read(body.gzip(), bytes -> publish(exchange, bytes, body.framing()));
    }

    private void publish(Exchange exchange, byte[] body, Framing framing) {
        Source source = Objects.requireNonNull(exchange.principal().source(), "the authorizer checks it");
        Arrival arrival = new Arrival(
                source,
                exchange.principal().rate(),
                exchange.trace(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        Batch batch = reader.read(body, framing, source, arrival.received());
        acceptor.accept(arrival, batch)
                .whenComplete((outcome, bug) -> exchange.run(() -> Acknowledgement.answer(
                        exchange,
                        acceptor,
                        arrival,
                        outcome,
                        bug,
                        accepted -> exchange.json(HttpStatus.ACCEPTED, Answers.accepted(accepted), "accepted"))));
    }

    private Optional<TokenBucket> allowance(Exchange exchange) {
        Source source = Objects.requireNonNull(exchange.principal().source(), "the authorizer checks it");
        return acceptor.allowance(source, exchange.principal().rate());
    }

    private void limited(Exchange exchange) {
        allowance(exchange).ifPresent(bucket -> {
            long now = System.nanoTime();
            RateLimitHeaders.put(exchange.request().response(), bucket, now);
            exchange.problem(new Problem.RateLimited(bucket.rate(), Duration.ofNanos(bucket.waitNanos(now))));
        });
    }

    /** The body's length as the client says it; 0 where it does not. */
    static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
