package io.millrace.ingest.receive;

import io.millrace.deadletter.Reason;
import io.millrace.identity.Source;
import io.millrace.ingest.accept.Acceptor;
import io.millrace.ingest.accept.Acceptor.Arrival;
import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.adapt.Intake;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.authorize.Authenticator;
import io.millrace.ingest.authorize.Authenticator.Verdict;
import io.millrace.ingest.authorize.Authorizer;
import io.millrace.ingest.authorize.Operation;
import io.millrace.ingest.authorize.Principal;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.validate.ValidationLimits;
import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link PublishEvents} does, for bodies that an adapter reads and that may name their sender themselves. The
 * protocol's own handler reads the bytes and says what success looks like. Thread-safe.
 */
final class PublishAdapted {
    private static final String BEARER = "Bearer ";
    private static final Set<Reason> UNREADABLE = Set.of(Reason.INVALID_JSON, Reason.NOT_AN_OBJECT, Reason.TOO_DEEP);

    /** Who posts. */
    sealed interface Sender {
        /** By the header. */
        record Known(Principal principal) implements Sender {}

        /**
         * The body has to say it.
         *
         * @param otherwise what to answer where it does not
         */
        record InBody(Problem otherwise) implements Sender {}
    }

    /** Answers that events are on the broker, but for those that were refused; of an empty batch there are none. */
    @FunctionalInterface
    interface Success {
        void answer(Exchange exchange, Outcome.Accepted outcome);

        /** Whether it also answers where every event was refused. */
        default boolean takesRefusals() {
            return false;
        }
    }

    private final Operation operation;
    private final Admission admission;
    private final Authenticator authenticator;
    private final Intake intake;
    private final Acceptor acceptor;
    private final Clock clock;

    PublishAdapted(Operation operation, Door.Parts parts) {
        this(operation, parts, parts.reader().limits());
    }

    /** @param limits of events as the protocol has them */
    PublishAdapted(Operation operation, Door.Parts parts, ValidationLimits limits) {
        this.operation = operation;
        this.admission = parts.admission();
        this.authenticator = parts.authenticator();
        this.intake = new Intake(limits);
        this.acceptor = parts.acceptor();
        this.clock = parts.clock();
    }

    /** Does all of it, from the head of a request whose body is an adapter's. Nothing that may come again is told otherwise. */
    void take(Exchange exchange, Adapter adapter, int most, Success success) {
        exchange.lateBodyMayComeAgain();
        String encoding = exchange.request().getHeader(HttpHeaders.CONTENT_ENCODING);
        Optional<Boolean> gzip = EventBody.gzip(encoding);
        if (gzip.isEmpty()) {
            exchange.problem(Problem.UnsupportedMediaType.of("Content-Encoding", encoding, "gzip or identity"));
        } else if (PublishEvents.announced(exchange.request()) > most) {
            exchange.problem(new Problem.BodyTooLarge(most));
        } else {
            identify(exchange, sender -> {
                if (sender instanceof Sender.InBody nobody && !adapter.mayNameSender()) {
                    exchange.problem(nobody.otherwise());
                } else {
                    admit(exchange, sender, adapter, most, gzip.get(), success);
                }
            });
        }
    }

    private void admit(Exchange exchange, Sender sender, Adapter adapter, int most, boolean gzip, Success success) {
        admission
                .admit()
                .ifPresentOrElse(
                        ticket -> {
                            exchange.holdUntilAnswered(ticket);
                            new BodyReader(exchange, ticket, most)
                                    .read(gzip, body -> publish(exchange, ticket, sender, adapter, body, success));
                        },
                        () -> exchange.problem(admission.full()));
    }

    /**
     * Finds out who posts. A bearer that is nobody's here, or may not post, leaves it to the body: SDKs that log in
     * elsewhere send their token and the write key.
     */
    void identify(Exchange exchange, Consumer<Sender> next) {
        new Identification(authenticator).of(exchange, verdict -> {
            if (verdict instanceof Verdict.Known known) {
                Optional<Problem> denied = Authorizer.check(known.principal(), operation);
                if (denied.isEmpty()) {
                    exchange.identify(operation.id(), known.principal());
                    next.accept(new Sender.Known(known.principal()));
                } else {
                    next.accept(new Sender.InBody(denied.get()));
                }
            } else if (verdict instanceof Verdict.Unknown unknown) {
                if (isBearer(exchange)) {
                    next.accept(new Sender.InBody(unknown.problem()));
                } else {
                    exchange.problem(unknown.problem());
                }
            }
        });
    }

    private static boolean isBearer(Exchange exchange) {
        List<String> given = exchange.request().headers().getAll(HttpHeaders.AUTHORIZATION);
        return given.size() == 1 && given.get(0).regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    /** Answers when the broker has acknowledged everything, or something failed. */
    void publish(
            Exchange exchange, Admission.Ticket ticket, Sender sender, Adapter adapter, byte[] body, Success success) {
        Adapted adapted = adapter.read(body);
        Principal principal = principal(exchange, sender, adapted);
        if (principal == null) {
            return;
        }
        if (adapted.candidates().isEmpty()) {
            success.answer(exchange, new Outcome.Accepted(List.of(), List.of()));
            return;
        }
        if (!ticket.grow(adapted.bytes())) {
            exchange.problem(ticket.full());
            return;
        }
        Source source = Objects.requireNonNull(principal.source(), "the authorizer checks it");
        Arrival arrival = new Arrival(
                source, principal.rate(), exchange.trace(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        acceptor.accept(arrival, intake.read(adapted.candidates(), source, arrival.received()))
                .thenApply(outcome -> success.takesRefusals() && outcome instanceof Outcome.Refused none
                        ? new Outcome.Accepted(List.of(), none.refused())
                        : outcome)
                .whenComplete((outcome, bug) -> exchange.run(() -> Acknowledgement.answer(
                        exchange, acceptor, arrival, outcome, bug, accepted -> success.answer(exchange, accepted))));
    }

    /** Null where the exchange was answered instead. */
    private @Nullable Principal principal(Exchange exchange, Sender sender, Adapted adapted) {
        if (sender instanceof Sender.Known known) {
            return known.principal();
        }
        if (adapted.writeKey() == null) {
            exchange.problem(unreadable(adapted).orElse(((Sender.InBody) sender).otherwise()));
            return null;
        }
        Verdict verdict = authenticator.authenticateWriteKey(adapted.writeKey());
        if (verdict instanceof Verdict.Known known) {
            exchange.identify(operation.id(), known.principal());
            Optional<Problem> denied = Authorizer.check(known.principal(), operation);
            denied.ifPresent(exchange::problem);
            return denied.isEmpty() ? known.principal() : null;
        }
        exchange.problem(((Verdict.Unknown) verdict).problem());
        return null;
    }

    /** Who it is that sent what nobody can read, nobody can say. */
    private static Optional<Problem> unreadable(Adapted adapted) {
        return adapted.candidates().size() == 1
                        && adapted.candidates().get(0) instanceof Candidate.Untranslated bad
                        && bad.id() == null
                        && UNREADABLE.contains(bad.refusal().reason())
                ? Optional.of(new Problem.BadRequest(bad.refusal().detail()))
                : Optional.empty();
    }
}
