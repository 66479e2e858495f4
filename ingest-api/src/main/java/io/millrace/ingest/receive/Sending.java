package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Endpoint.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one answer of an exchange on its way, until the client's socket has all of it. A long one goes out as its client takes
 * it; what HEAD asked for goes without its body. Belongs to its event loop.
 */
final class Sending {
    /** RFC 9113, 8.1: the answer is whole, and the rest of the request is not wanted. */
    private static final long NO_ERROR = 0;
    /** RFC 9113, 7: the stream is not wanted any more. */
    private static final long CANCEL = 8;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final StreamWriter.Pace pace;
    private final Untaken untaken;
    private final Consumer<Runnable> loop;
    private final Runnable cut;
    private final Runnable whenTaken;

    private @Nullable StreamWriter stream;
    private boolean taken;
    private boolean begun;
    private long begunAt;

    /**
     * Binds it.
     *
     * @param loop runs a task on the exchange's event loop
     * @param cut closes a connection that carries no other answers, at once
     * @param whenTaken told once, when nothing more is to be sent, whichever way it ended
     */
    Sending(
            HttpServerRequest request,
            HttpConfig config,
            Untaken untaken,
            Consumer<Runnable> loop,
            Runnable cut,
            Runnable whenTaken) {
        this.request = request;
        this.response = request.response();
        this.pace = new StreamWriter.Pace(config.stall().toNanos(), config.leastRate());
        this.untaken = untaken;
        this.loop = loop;
        this.cut = cut;
        this.whenTaken = whenTaken;
    }

    /** Room for an answer, to be given to {@link #whole}; null where too many wait for their clients already. */
    @Nullable
    Runnable room(byte[] body, long cost) {
        return isLong(body) ? untaken.hold(cost) : () -> {};
    }

    void whole(HttpStatus status, String contentType, byte[] body, Runnable room) {
        begin();
        if (response.closed()) {
            room.run();
            taken();
            return;
        }
        response.setStatusCode(status.code());
        if (status != HttpStatus.NO_CONTENT && !contentType.isEmpty()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
            SecurityHeaders.ofType(response, contentType);
        }
        if (status != HttpStatus.NO_CONTENT) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
        }
        if (isLong(body)) {
            write(new Reply.Stream(contentType, false, new Pieces(body)), room);
        } else {
            (isHead() ? response.end() : response.end(Buffer.buffer(body))).onComplete(written -> taken());
        }
    }

    void stream(Reply.Stream reply) {
        begin();
        response.setStatusCode(HttpStatus.OK.code());
        response.putHeader(HttpHeaders.CONTENT_TYPE, reply.contentType());
        if (isHead()) {
            response.end().onComplete(written -> taken());
        } else {
            write(reply, () -> {});
        }
    }

    /** Whether the client's socket has all of it. */
    boolean isTaken() {
        return taken;
    }

    /** Whether its client has been waited for long enough. */
    boolean isStalled(long nanoTime) {
        if (stream != null) {
            return stream.isStalled(nanoTime);
        }
        return begun && !taken && nanoTime - begunAt > pace.stallNanos();
    }

    /** Gives up on its client. */
    void cutOff() {
        if (stream != null) {
            stream.abort();
        } else if (request.version() == HttpVersion.HTTP_2) {
            response.reset(CANCEL);
        } else {
            cut.run();
        }
    }

    /** The answer has gone out; what the client still sends of its request is not wanted. */
    void refuseRest() {
        if (request.version() == HttpVersion.HTTP_2) {
            // The other streams of the connection have done nothing wrong.
            response.reset(NO_ERROR);
        } else {
            // The answer is in the socket's buffer before the end of the stream is.
            request.connection().close();
        }
    }

    /** Ends what would never end by itself. */
    void drain() {
        if (stream != null && stream.isEndless()) {
            stream.finish();
        }
    }

    /** The client has gone. */
    void cancel() {
        if (stream != null) {
            stream.cancel();
        }
    }

    private void begin() {
        begun = true;
        begunAt = System.nanoTime();
    }

    private void write(Reply.Stream reply, Runnable room) {
        StreamWriter writer = new StreamWriter(request, reply, pace, loop, cut, () -> {
            room.run();
            stream = null;
            taken();
        });
        stream = writer;
        writer.start();
    }

    private void taken() {
        taken = true;
        whenTaken.run();
    }

    private boolean isLong(byte[] body) {
        return body.length > Untaken.LONG && !isHead();
    }

    private boolean isHead() {
        return request.method().equals(HttpMethod.HEAD);
    }
}
