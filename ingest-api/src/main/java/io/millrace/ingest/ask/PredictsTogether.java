package io.millrace.ingest.ask;

import io.millrace.grpc.v1.PredictManyRequest;
import io.millrace.grpc.v1.PredictManyResponse;
import io.millrace.grpc.v1.PredictOutcome;
import io.millrace.grpc.v1.PredictRefusal;
import io.millrace.grpc.v1.PredictRequest;
import io.millrace.grpc.v1.PredictResponse;
import io.millrace.identity.Traceparent;
import io.millrace.ingest.ask.Asked.Answered;
import io.millrace.ingest.ask.Asked.Kind;
import io.millrace.ingest.ask.Asked.Refused;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Questions of one event loop to one processor. One that comes alone goes at once; what comes while {@value #MOST_CALLS} calls are under way, or in the
 * same turn of the loop, goes in one call: at many questions at once most of what one cost was the call (decision 0049). Only questions that all take
 * the same little time belong here, since they are answered together. Thread-safe.
 */
final class PredictsTogether {
    /** While the processor scores one, the other is on its way. */
    private static final int MOST_CALLS = 2;

    private static final int MOST_QUESTIONS = 512;
    private static final int MOST_BYTES = 1 << 20;
    private static final long ALONE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Makes one call. */
    interface Calling<Q, A> {
        /** @param left of the call, in milliseconds */
        Future<Asked<A>> call(Q message, Traceparent trace, long left);
    }

    private record Waiting(
            PredictRequest request, Traceparent trace, long deadline, Promise<Asked<PredictResponse>> asked) {
        long left() {
            return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    private final Calling<PredictRequest, PredictResponse> one;
    private final Calling<PredictManyRequest, PredictManyResponse> many;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int calls;
    private boolean isDue;
    private volatile long aloneUntil = System.nanoTime();

    PredictsTogether(
            Calling<PredictRequest, PredictResponse> one, Calling<PredictManyRequest, PredictManyResponse> many) {
        this.one = one;
        this.many = many;
    }

    /**
     * Asks. The future fails where the processor did not answer, or not before the deadline.
     *
     * @param deadline by {@link System#nanoTime}; about the same for all, as a call ends with its earliest
     */
    Future<Asked<PredictResponse>> ask(PredictRequest request, Traceparent trace, long deadline) {
        Waiting question = new Waiting(request, trace, deadline, Promise.promise());
        boolean isFirst;
        synchronized (waiting) {
            waiting.add(question);
            isFirst = !isDue && calls < MOST_CALLS;
            isDue |= isFirst;
        }
        if (isFirst) {
            Context context = Vertx.currentContext();
            if (context == null) {
                flush();
            } else {
                // After what else this turn of the loop has read.
                context.runOnContext(unused -> flush());
            }
        }
        return question.asked().future();
    }

    private void flush() {
        List<Waiting> next;
        synchronized (waiting) {
            isDue = false;
            next = next();
        }
        send(next);
    }

    private void ended() {
        List<Waiting> next;
        synchronized (waiting) {
            calls--;
            next = next();
        }
        send(next);
    }

    private List<Waiting> next() {
        List<Waiting> next = new ArrayList<>();
        if (calls < MOST_CALLS) {
            int bytes = 0;
            while (!waiting.isEmpty() && next.size() < MOST_QUESTIONS) {
                bytes += waiting.element().request().getSerializedSize();
                if (bytes > MOST_BYTES && !next.isEmpty()) {
                    break;
                }
                next.add(waiting.remove());
            }
            calls += next.isEmpty() ? 0 : 1;
        }
        return next;
    }

    private void send(List<Waiting> questions) {
        if (questions.isEmpty()) {
            return;
        }
        long left = questions.stream().mapToLong(Waiting::left).min().orElseThrow();
        if (left <= 0) {
            ended();
            TimeoutException late = new TimeoutException("the deadline passed before the processor was free");
            questions.forEach(question -> question.asked().fail(late));
        } else if (questions.size() == 1 || System.nanoTime() - aloneUntil < 0) {
            questions.forEach(this::sendAlone);
            Future.join(questions.stream()
                            .map(question -> question.asked().future())
                            .toList())
                    .onComplete(unused -> ended());
        } else {
            sendTogether(questions, left);
        }
    }

    private void sendAlone(Waiting question) {
        one.call(question.request(), question.trace(), Math.max(1, question.left()))
                .onComplete(question.asked());
    }

    private void sendTogether(List<Waiting> questions, long left) {
        PredictManyRequest.Builder request = PredictManyRequest.newBuilder();
        questions.forEach(question -> request.addRequests(question.request()));
        many.call(request.build(), questions.get(0).trace(), left).onComplete(outcome -> {
            // First, so that the processor has work while these are answered.
            ended();
            if (outcome.failed()) {
                questions.forEach(question -> question.asked().fail(outcome.cause()));
            } else {
                settle(questions, outcome.result());
            }
        });
    }

    private void settle(List<Waiting> questions, Asked<PredictManyResponse> asked) {
        if (asked instanceof Answered<PredictManyResponse> answered
                && answered.answer().getOutcomesCount() == questions.size()) {
            for (int i = 0; i < questions.size(); i++) {
                questions.get(i).asked().complete(asked(answered.answer().getOutcomes(i)));
            }
        } else if (asked instanceof Refused<PredictManyResponse> refused && refused.kind() == Kind.UNSUPPORTED) {
            // A processor of a release before; doors may be ahead for as long as an upgrade takes.
            aloneUntil = System.nanoTime() + ALONE_NANOS;
            questions.forEach(this::sendAlone);
        } else {
            Refused<PredictResponse> all = asked instanceof Refused<PredictManyResponse> refused
                    ? new Refused<>(refused.kind(), refused.detail())
                    : new Refused<>(Kind.FAILED, "the processor did not answer each question");
            questions.forEach(question -> question.asked().complete(all));
        }
    }

    private static Asked<PredictResponse> asked(PredictOutcome outcome) {
        if (outcome.hasResponse()) {
            return new Answered<>(outcome.getResponse());
        }
        PredictRefusal refusal = outcome.getRefusal();
        GrpcStatus status = GrpcStatus.valueOf(refusal.getStatus());
        return new Refused<>(Kind.of(status == null ? GrpcStatus.UNKNOWN : status), refusal.getDetail());
    }
}
