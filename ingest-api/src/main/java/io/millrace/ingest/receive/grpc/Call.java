package io.millrace.ingest.receive.grpc;

import com.google.protobuf.MessageLite;
import io.millrace.identity.Traceparent;
import io.millrace.ingest.authorize.Principal;
import io.millrace.ingest.observe.Observation;
import io.millrace.ingest.observe.Observer;
import io.millrace.ingest.outcome.Problem;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call and its one end: a status in the trailers, a deadline before it. Belongs to its event loop. */
final class Call {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);
    private static final String CONTENT_TYPE = "application/grpc+proto";
    private static final long NO_ERROR = 0;
    private static final long CANCEL = 8;
    private static final long MOST_MILLIS = Duration.ofDays(365).toMillis();

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Vertx vertx;
    private final Context context;
    private final Observation observation;
    private final Principal principal;

    private Runnable onOver = () -> {};
    private @Nullable Long timer;
    private boolean begun;
    private boolean over;
    private boolean requestEnded;

    Call(HttpServerRequest request, Vertx vertx, Observer observer, String operation, Principal principal) {
        this.request = request;
        this.response = request.response();
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.observation = observer.request(only(Traceparent.HEADER), only("tracestate"));
        observation.operation(operation);
        this.principal = principal;
    }

    /** Begins to listen to the call's end by the other side, and to its deadline where it has one. */
    void open(Runnable whenOver) {
        onOver = whenOver;
        request.exceptionHandler(gone -> gone());
        response.exceptionHandler(gone -> gone());
        response.closeHandler(gone -> gone());
        Timeout.parse(request.getHeader(Timeout.HEADER)).ifPresent(this::within);
    }

    HttpServerRequest request() {
        return request;
    }

    HttpServerResponse response() {
        return response;
    }

    /** The call's own place in its client's trace. */
    Traceparent trace() {
        return observation.trace();
    }

    Principal principal() {
        return principal;
    }

    boolean isOver() {
        return over;
    }

    void requestEnded() {
        requestEnded = true;
    }

    /** Goes on on this call's thread. */
    void run(Runnable task) {
        context.runOnContext(ignored -> guarded(task));
    }

    void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            bug(e);
        }
    }

    void bug(@Nullable Throwable cause) {
        LOG.atError()
                .addKeyValue("operation", observation.operation())
                .setCause(cause)
                .log("A call failed in a way nobody foresaw");
        fail(new Problem.Internal("the call failed; the cause is in the log"));
    }

    /** Tells the other side that the call is taken, before there is anything to say. */
    void accept() {
        begin();
        response.writeHead();
    }

    /** Sends messages, in one piece. */
    void send(List<? extends MessageLite> messages) {
        if (over) {
            return;
        }
        Buffer buffer = Buffer.buffer();
        for (MessageLite message : messages) {
            byte[] bytes = message.toByteArray();
            buffer.appendByte((byte) 0).appendInt(bytes.length).appendBytes(bytes);
        }
        begin();
        response.write(buffer);
    }

    void complete(String outcome) {
        end(GrpcStatus.OK, "", outcome, Optional.empty());
    }

    void fail(Problem problem) {
        Failure failure = Failure.of(problem);
        end(failure.status(), failure.detail(), failure.code(), failure.retryAfter());
    }

    /** Ends in a way that HTTP knows no problem for. */
    void fail(GrpcStatus status, String code, String detail) {
        end(status, detail, code, Optional.empty());
    }

    /** Gives up on a client that does not take what it is sent. */
    void cut(String outcome) {
        if (!over) {
            over(outcome);
            response.reset(CANCEL);
        }
    }

    private void end(GrpcStatus status, String detail, String outcome, Optional<Duration> retryAfter) {
        if (over) {
            return;
        }
        boolean trailersOnly = !begun;
        begin();
        over(outcome);
        put(trailersOnly, "grpc-status", Integer.toString(status.code));
        if (status != GrpcStatus.OK) {
            put(trailersOnly, "grpc-message", Failure.message(detail));
            put(trailersOnly, "millrace-code", outcome);
        }
        retryAfter.ifPresent(wait -> {
            put(
                    trailersOnly,
                    "retry-after",
                    Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
            // What gRPC's own retry policies look at.
            put(trailersOnly, "grpc-retry-pushback-ms", Long.toString(Math.max(1, wait.toMillis())));
        });
        response.end().onComplete(written -> {
            if (!requestEnded) {
                // Nobody reads the rest; RFC 9113, section 8.1.
                response.reset(NO_ERROR);
            }
        });
    }

    /** Null where it is not there, or several times. */
    private @Nullable String only(String header) {
        List<String> values = request.headers().getAll(header);
        return values.size() == 1 ? values.get(0) : null;
    }

    private void put(boolean asHeader, String name, String value) {
        if (asHeader) {
            response.putHeader(name, value);
        } else {
            response.putTrailer(name, value);
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            response.setStatusCode(200);
            response.putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE);
        }
    }

    private void within(Duration time) {
        long millis = Math.min(MOST_MILLIS, Math.max(1, time.toMillis()));
        timer = vertx.setTimer(
                millis,
                fired -> fail(
                        GrpcStatus.DEADLINE_EXCEEDED,
                        "deadline_exceeded",
                        "no answer within the call's deadline; send the events without an ack again, with the same ids"));
    }

    private void gone() {
        if (!over) {
            over("client_gone");
        }
    }

    private void over(String outcome) {
        over = true;
        observation.end(outcome);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
        onOver.run();
    }
}
