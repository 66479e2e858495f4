package io.millrace.ingest.receive.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.grpc.v1.PublishRequest;
import io.millrace.grpc.v1.PublishResponse;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code Publish}: a batch in, its outcomes out. Belongs to its event loop. */
final class PublishCall {
    private final Call call;
    private final Desk desk;
    private final Vertx vertx;
    private final Admission.Ticket ticket;
    private final Frames frames;
    private Frames.@Nullable Message message;
    private boolean tooMany;

    private PublishCall(Call call, Desk desk, Vertx vertx, Admission.Ticket ticket) {
        this.call = call;
        this.desk = desk;
        this.vertx = vertx;
        this.ticket = ticket;
        this.frames = new Frames(desk.bodyBytes(), ticket::grow);
    }

    static void serve(Call call, Desk desk, Vertx vertx) {
        desk.admission()
                .admit()
                .ifPresentOrElse(
                        ticket -> new PublishCall(call, desk, vertx, ticket).open(),
                        () -> call.fail(desk.admission().full()));
    }

    private void open() {
        long late = vertx.setTimer(
                desk.bodyDeadline().toMillis(), fired -> call.fail(new Problem.BodyTooSlow(desk.bodyDeadline())));
        call.request().handler(chunk -> call.guarded(() -> take(chunk)));
        call.request().endHandler(end -> {
            vertx.cancelTimer(late);
            call.requestEnded();
            call.guarded(this::publish);
        });
        call.open(() -> {
            vertx.cancelTimer(late);
            ticket.close();
        });
    }

    private void take(Buffer chunk) {
        if (call.isOver()) {
            return;
        }
        switch (frames.feed(chunk, whole -> {
            tooMany = message != null;
            message = whole;
        })) {
            case FINE -> {}
            case TOO_LARGE -> call.fail(new Problem.BodyTooLarge(desk.bodyBytes()));
            case NO_ROOM -> call.fail(ticket.full());
            case MALFORMED -> call.fail(new Problem.BadRequest("the call: expected gRPC's length-prefixed messages"));
        }
    }

    private void publish() {
        if (call.isOver()) {
            return;
        }
        Frames.Message whole = message;
        if (whole == null || tooMany || frames.isAmidst()) {
            call.fail(new Problem.BadRequest("the call: expected one message"));
        } else if (whole.compressed()) {
            EventService.compressed(call);
        } else {
            try {
                publish(PublishRequest.parseFrom(whole.bytes()));
            } catch (InvalidProtocolBufferException e) {
                call.fail(new Problem.BadRequest("the message: expected a millrace.v1.PublishRequest"));
            }
        }
    }

    private void publish(PublishRequest request) {
        int count = request.getEventsCount();
        if (count == 0) {
            call.fail(new Problem.BadRequest(
                    "events: given none, expected 1 to " + desk.limits().batchEvents()));
            return;
        }
        if (count > desk.limits().batchEvents()) {
            call.fail(
                    GrpcStatus.RESOURCE_EXHAUSTED,
                    "batch_too_large",
                    "events: given " + count + ", expected at most "
                            + desk.limits().batchEvents());
            return;
        }
        EventLines lines = Desk.lines(request.getEventsList());
        if (lines.size() > desk.bodyBytes()) {
            call.fail(new Problem.BodyTooLarge(desk.bodyBytes()));
        } else if (!ticket.grow(lines.size())) {
            call.fail(ticket.full());
        } else {
            desk.accept(call, lines).whenComplete((outcome, bug) -> call.run(() -> answer(count, outcome, bug)));
        }
    }

    private void answer(int count, @Nullable Outcome outcome, @Nullable Throwable bug) {
        if (outcome instanceof Outcome.Accepted accepted) {
            call.send(List.of(PublishResponse.newBuilder()
                    .addAllOutcomes(Desk.outcomes(count, accepted.accepted(), accepted.refused()))
                    .build()));
            call.complete("accepted");
        } else if (outcome instanceof Outcome.Refused refused) {
            call.send(List.of(PublishResponse.newBuilder()
                    .addAllOutcomes(Desk.outcomes(count, List.of(), refused.refused()))
                    .build()));
            call.complete("refused");
        } else if (outcome instanceof Problem problem) {
            call.fail(problem);
        } else {
            call.bug(bug);
        }
    }
}
