package io.millrace.ingest.receive.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.grpc.v1.EventOutcome;
import io.millrace.grpc.v1.PostedEvent;
import io.millrace.grpc.v1.PublishStreamRequest;
import io.millrace.grpc.v1.PublishStreamResponse;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code PublishStream}: events in, an ack for each out, in their order. What arrives together goes to the broker together.
 * No more is read while {@value #MOST_IN_FLIGHT} events wait for the broker or while the client leaves its acks unread:
 * HTTP/2 then stops the client. Belongs to its event loop.
 */
final class PublishStreamCall {
    static final int MOST_IN_FLIGHT = 1_000;

    /** An event may be written at more length than its JSON is counted; it is the reader that refuses it, with its reason. */
    private static final int MESSAGE_SLACK = 4;

    /** Events that went to the broker together. */
    private static final class Sent {
        private final int count;
        private @Nullable Outcome outcome;

        private Sent(int count) {
            this.count = count;
        }
    }

    private final Call call;
    private final Desk desk;
    private final Vertx vertx;
    private final Frames frames;
    private final Deque<Sent> waiting = new ArrayDeque<>();
    private final List<PostedEvent> arrived = new ArrayList<>();
    private Admission.@Nullable Ticket ticket;
    private @Nullable Long lateTimer;
    private @Nullable Long stallTimer;
    private long messages;
    private long acknowledged;
    private int inFlight;
    private boolean paused;
    private boolean ended;
    private boolean draining;

    private PublishStreamCall(Call call, Desk desk, Vertx vertx) {
        this.call = call;
        this.desk = desk;
        this.vertx = vertx;
        this.frames = new Frames(desk.limits().eventBytes() * MESSAGE_SLACK, this::grow);
    }

    static PublishStreamCall serve(Call call, Desk desk, Vertx vertx, Runnable whenOver) {
        PublishStreamCall stream = new PublishStreamCall(call, desk, vertx);
        call.request().handler(chunk -> call.guarded(() -> stream.take(chunk)));
        call.request().endHandler(end -> {
            call.requestEnded();
            call.guarded(stream::end);
        });
        call.response().drainHandler(drained -> call.guarded(stream::goOn));
        call.open(() -> {
            stream.leave();
            whenOver.run();
        });
        // Acks may be a long time coming, and a client may wait for the head of the answer.
        call.accept();
        return stream;
    }

    /** The door closes: what was read is acknowledged, the rest is for the next door. */
    void drain() {
        draining = true;
        call.request().pause();
        paused = true;
        finishIfDone();
    }

    private boolean grow(int more) {
        if (ticket == null) {
            Optional<Admission.Ticket> admitted = desk.admission().admit();
            if (admitted.isEmpty()) {
                return false;
            }
            ticket = admitted.get();
        }
        return ticket.grow(more);
    }

    private void take(Buffer chunk) {
        if (call.isOver()) {
            return;
        }
        switch (frames.feed(chunk, this::read)) {
            case FINE -> {
                watchSlowness();
                publish();
            }
            case TOO_LARGE -> call.fail(new Problem.BodyTooLarge(desk.limits().eventBytes()));
            case NO_ROOM -> call.fail(ticket == null ? desk.admission().full() : ticket.full());
            case MALFORMED -> call.fail(new Problem.BadRequest("the call: expected gRPC's length-prefixed messages"));
        }
    }

    private void read(Frames.Message message) {
        messages++;
        if (message.compressed()) {
            EventService.compressed(call);
            return;
        }
        try {
            arrived.add(PublishStreamRequest.parseFrom(message.bytes()).getEvent());
        } catch (InvalidProtocolBufferException e) {
            call.fail(new Problem.BadRequest(
                    "message " + (messages - 1) + ": expected a millrace.v1.PublishStreamRequest"));
        }
    }

    private void publish() {
        if (arrived.isEmpty() || call.isOver()) {
            return;
        }
        EventLines lines = Desk.lines(arrived);
        arrived.clear();
        if (!grow(lines.size())) {
            call.fail(ticket == null ? desk.admission().full() : ticket.full());
            return;
        }
        Admission.Ticket held = ticket;
        ticket = null;
        Sent sent = new Sent(lines.count());
        waiting.add(sent);
        inFlight += sent.count;
        holdBack();
        desk.accept(call, lines).whenComplete((outcome, bug) -> {
            if (held != null) {
                held.close();
            }
            call.run(() -> {
                if (outcome == null) {
                    call.bug(bug);
                } else {
                    sent.outcome = outcome;
                    acknowledge();
                }
            });
        });
    }

    /** The first that wait, as far as they are known: a later one that is known waits for its turn. */
    private void acknowledge() {
        List<PublishStreamResponse> acks = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().outcome != null && !call.isOver()) {
            Sent sent = waiting.remove();
            inFlight -= sent.count;
            if (sent.outcome instanceof Problem problem) {
                call.send(acks);
                call.fail(problem);
                return;
            } else if (sent.outcome instanceof Outcome.Accepted accepted) {
                add(acks, Desk.outcomes(sent.count, accepted.accepted(), accepted.refused()));
            } else if (sent.outcome instanceof Outcome.Refused refused) {
                add(acks, Desk.outcomes(sent.count, List.of(), refused.refused()));
            }
        }
        if (!acks.isEmpty()) {
            call.send(acks);
        }
        goOn();
        finishIfDone();
    }

    private void add(List<PublishStreamResponse> acks, List<EventOutcome> outcomes) {
        for (EventOutcome outcome : outcomes) {
            acks.add(PublishStreamResponse.newBuilder()
                    .setIndex(acknowledged++)
                    .setOutcome(outcome)
                    .build());
        }
    }

    private void holdBack() {
        if (!paused && (inFlight >= MOST_IN_FLIGHT || call.response().writeQueueFull())) {
            paused = true;
            call.request().pause();
        }
    }

    private void goOn() {
        boolean unread = !call.isOver() && call.response().writeQueueFull();
        if (unread && stallTimer == null) {
            stallTimer = vertx.setTimer(desk.stall().toMillis(), fired -> call.cut("client_stalled"));
        } else if (!unread && stallTimer != null) {
            vertx.cancelTimer(stallTimer);
            stallTimer = null;
        }
        if (paused && !draining && !unread && inFlight < MOST_IN_FLIGHT / 2) {
            paused = false;
            call.request().resume();
        }
    }

    private void watchSlowness() {
        if (frames.isAmidst() && lateTimer == null) {
            long begun = messages;
            Duration allowed = desk.bodyDeadline();
            lateTimer = vertx.setTimer(allowed.toMillis(), fired -> {
                lateTimer = null;
                if (frames.isAmidst() && messages == begun && !paused) {
                    call.fail(new Problem.BodyTooSlow(allowed));
                } else if (!call.isOver()) {
                    watchSlowness();
                }
            });
        }
    }

    private void end() {
        ended = true;
        if (frames.isAmidst()) {
            call.fail(new Problem.BadRequest("the call: it breaks off within a message"));
        }
        finishIfDone();
    }

    private void finishIfDone() {
        if (!waiting.isEmpty()) {
            return;
        }
        if (ended) {
            call.complete("accepted");
        } else if (draining) {
            call.fail(new Problem.Unavailable(
                    "the door closes; send the events without an ack again, with the same ids", Duration.ofSeconds(1)));
        }
    }

    private void leave() {
        if (lateTimer != null) {
            vertx.cancelTimer(lateTimer);
        }
        if (stallTimer != null) {
            vertx.cancelTimer(stallTimer);
        }
        if (ticket != null) {
            ticket.close();
        }
    }
}
