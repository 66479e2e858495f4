package io.millrace.ingest.receive.mqtt;

import io.millrace.identity.Source;
import io.millrace.ingest.accept.Acceptor.Arrival;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.authorize.Authenticator.Verdict;
import io.millrace.ingest.authorize.Authorizer;
import io.millrace.ingest.authorize.Principal;
import io.millrace.ingest.observe.Observation;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Outcome.RefusedEvent;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.receive.mqtt.MqttMeters.Fate;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device's messages on their way to Kafka, in their order: what has come while a batch was on its way is the next
 * batch. What Kafka does not take is tried again, and nothing is acknowledged meanwhile. Belongs to one event loop.
 */
final class Inflow {
    private static final Logger LOG = LoggerFactory.getLogger(Inflow.class);
    private static final String OPERATION = "mqtt";
    private static final long SOON_MILLIS = 100;
    private static final long LATER_MILLIS = 2_000;
    /** A will has nobody who would send it again. */
    private static final Duration WILL_PATIENCE = Duration.ofSeconds(60);

    private final Desk desk;
    private final Context context;
    private final Credential credential;
    private final Sender sender;
    private List<Message> waiting = new ArrayList<>();
    private long waitingBytes;
    /** On its way, with the ones before it acknowledged. */
    private Together batch = Together.NONE;

    private Instant received = Instant.MIN;
    private boolean isBusy;
    private boolean isPaused;
    private boolean isGone;
    private long goneNanos;
    private long pauseMillis = SOON_MILLIS;

    Inflow(Desk desk, Context context, Credential credential, Sender sender) {
        this.desk = desk;
        this.context = context;
        this.credential = credential;
        this.sender = sender;
    }

    void take(Message message) {
        if (!desk.waiting().take(message.bytes())) {
            if (!message.isPromised()) {
                desk.meters().message(Fate.DROPPED);
            }
            sender.sendAway();
            return;
        }
        waiting.add(message);
        waitingBytes += message.bytes();
        desk.meters().inFlight(1);
        if (!isBusy) {
            isBusy = true;
            // Behind what was read together with it.
            onContext(this::next);
        }
        pause();
    }

    /** The device is gone: what it was promised nothing for is tried once, its will for a while. */
    void end() {
        isGone = true;
        goneNanos = System.nanoTime();
        resume();
    }

    /** Nothing waits for Kafka. */
    boolean isIdle() {
        return !isBusy;
    }

    private void pause() {
        boolean isFull = waiting.size() + batch.size() >= desk.config().inFlight()
                || waitingBytes >= 4L * desk.config().packetBytes();
        if (isFull && !isPaused && !isGone) {
            isPaused = true;
            desk.meters().paused(1);
            sender.read(false);
        }
    }

    private void resume() {
        if (isPaused) {
            isPaused = false;
            desk.meters().paused(-1);
            sender.read(true);
        }
    }

    /** Sends what waits, all of it, or leaves it. */
    private void next() {
        if (batch.isEmpty()) {
            batch = new Together(waiting);
            waiting = new ArrayList<>();
            waitingBytes = 0;
            received = desk.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        }
        if (batch.isEmpty()) {
            isBusy = false;
            resume();
            return;
        }
        if (batch.events().isEmpty()) {
            acknowledge(List.of());
            return;
        }
        credential.check(desk.authenticator()).whenComplete((verdict, never) -> onContext(() -> authorized(verdict)));
    }

    private void authorized(Verdict verdict) {
        if (verdict instanceof Verdict.Known known) {
            Optional<Problem> denied = Authorizer.check(known.principal(), desk.operation());
            denied.ifPresentOrElse(this::forbidden, () -> admit(known.principal()));
        } else if (((Verdict.Unknown) verdict).problem() instanceof Problem.Unauthenticated unauthenticated) {
            forbidden(unauthenticated);
        } else {
            again();
        }
    }

    private void forbidden(@Nullable Problem problem) {
        batch.forget(desk);
        new Together(waiting).forget(desk);
        batch = Together.NONE;
        waiting = new ArrayList<>();
        waitingBytes = 0;
        isBusy = false;
        resume();
        sender.dismiss(problem);
    }

    private void admit(Principal principal) {
        Optional<Admission.Ticket> ticket = desk.admission().admit();
        if (ticket.isPresent() && ticket.get().grow(batch.bytes())) {
            send(principal, ticket.get());
        } else {
            ticket.ifPresent(Admission.Ticket::close);
            again();
        }
    }

    private void send(Principal principal, Admission.Ticket ticket) {
        Source source = Objects.requireNonNull(principal.source(), "the authorizer checks it");
        Observation observation = desk.observer().request(null, null);
        observation.operation(OPERATION);
        Arrival arrival = new Arrival(source, principal.rate(), observation.trace(), received);
        CompletionStage<Outcome> accepted;
        try {
            accepted = desk.acceptor().accept(arrival, desk.intake().read(batch.events(), source, received));
        } catch (RuntimeException e) {
            accepted = CompletableFuture.failedFuture(e);
        }
        accepted.whenComplete((outcome, bug) -> onContext(() -> {
            ticket.close();
            done(observation, outcome, bug);
        }));
    }

    private void done(Observation observation, @Nullable Outcome outcome, @Nullable Throwable bug) {
        if (outcome instanceof Outcome.Accepted accepted) {
            observation.end("accepted");
            acknowledge(accepted.refused());
        } else if (outcome instanceof Outcome.Refused refused) {
            observation.end("refused");
            acknowledge(refused.refused());
        } else if (outcome instanceof Problem problem) {
            observation.end(problem.code());
            again();
        } else {
            observation.end("internal");
            bug(bug);
        }
    }

    private void acknowledge(List<RefusedEvent> refused) {
        pauseMillis = SOON_MILLIS;
        Together done = batch;
        batch = Together.NONE;
        done.done(desk, refused, sender);
        next();
    }

    /** Kafka, the door, or the source's allowance has no room now: nothing is acknowledged, and the same is sent later. */
    private void again() {
        if (isGone) {
            if (System.nanoTime() - goneNanos > WILL_PATIENCE.toNanos()) {
                batch.forget(desk);
                batch = Together.NONE;
            } else {
                batch = batch.wills(desk);
            }
        }
        context.owner().setTimer(pauseMillis, timer -> onContext(this::next));
        pauseMillis = Math.min(2 * pauseMillis, LATER_MILLIS);
    }

    private void onContext(Runnable step) {
        context.runOnContext(turn -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                bug(e);
            }
        });
    }

    private void bug(@Nullable Throwable cause) {
        LOG.atError().setCause(cause).log("A bug of the door: a device is disconnected, and was acknowledged nothing");
        forbidden(null);
    }

    /** Whether it is not read at this moment: then its keep-alive says nothing of it. */
    boolean isPaused() {
        return isPaused;
    }
}
