package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Endpoint.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one answer as it is made, a chunk at a time: the next is asked for when the socket has room, so a slow client
 * holds one chunk and a socket's buffer, whatever the answer's length. Belongs to its event loop; the publisher may be on
 * any thread.
 */
final class StreamWriter implements Flow.Subscriber<byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWriter.class);

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Reply.Stream stream;
    private final long stallNanos;
    private final Consumer<Runnable> loop;
    private final Runnable ended;

    private Flow.@Nullable Subscription subscription;
    private boolean done;
    /** Since when the socket has had no room. */
    private long fullSince;

    private boolean full;

    /**
     * Binds it; {@link #start} begins.
     *
     * @param loop runs a task on the exchange's event loop
     * @param ended told once, on the event loop, whichever way it ended
     */
    StreamWriter(
            HttpServerRequest request, Reply.Stream stream, long stallNanos, Consumer<Runnable> loop, Runnable ended) {
        this.request = request;
        this.response = request.response();
        this.stream = stream;
        this.stallNanos = stallNanos;
        this.loop = loop;
        this.ended = ended;
    }

    void start() {
        response.setStatusCode(HttpStatus.OK.code());
        response.putHeader(HttpHeaders.CONTENT_TYPE, stream.contentType());
        if (!isMultiplexed()) {
            response.setChunked(true);
        }
        // Who waits for the first event of a stream learns now that there is one.
        response.writeHead();
        response.drainHandler(room -> more());
        try {
            stream.chunks().subscribe(this);
        } catch (RuntimeException e) {
            onError(e);
        }
    }

    boolean isEndless() {
        return stream.isEndless();
    }

    boolean isStalled(long nanoTime) {
        return full && nanoTime - fullSince > stallNanos;
    }

    /** Ends an endless answer as if it had come to its end. */
    void finish() {
        if (!done) {
            end();
            response.end();
        }
    }

    /** Cuts the answer off, so that the client sees that it is not whole. */
    void abort() {
        if (!done) {
            end();
            if (isMultiplexed()) {
                response.reset();
            } else {
                request.connection().close();
            }
        }
    }

    /** The client has gone. */
    void cancel() {
        if (!done) {
            end();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        loop.accept(() -> {
            if (done) {
                given.cancel();
            } else {
                subscription = given;
                given.request(1);
            }
        });
    }

    @Override
    public void onNext(byte[] chunk) {
        loop.accept(() -> {
            if (done) {
                return;
            }
            response.write(Buffer.buffer(chunk));
            if (response.writeQueueFull()) {
                full = true;
                fullSince = System.nanoTime();
            } else if (subscription != null) {
                subscription.request(1);
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        loop.accept(() -> {
            if (!done) {
                LOG.atWarn().setCause(failure).log("An answer broke off; its client is cut off and may ask again");
                abort();
            }
        });
    }

    @Override
    public void onComplete() {
        loop.accept(this::finish);
    }

    /** Whether the connection carries other answers too. */
    private boolean isMultiplexed() {
        return request.version() == HttpVersion.HTTP_2;
    }

    private void more() {
        if (full && !done) {
            full = false;
            if (subscription != null) {
                subscription.request(1);
            }
        }
    }

    private void end() {
        done = true;
        if (subscription != null) {
            subscription.cancel();
        }
        ended.run();
    }
}
