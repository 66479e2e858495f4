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
 * Writes one answer a chunk at a time: the next is asked for when the socket has room, so a slow client holds one chunk and
 * a socket's buffer, whatever the answer's length. A client that takes nothing for a while is cut off, and so is one that
 * takes a little now and then to keep its place. Belongs to its event loop; the publisher may be on any thread.
 */
final class StreamWriter implements Flow.Subscriber<byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWriter.class);

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Reply.Stream stream;
    private final Pace pace;
    private final Consumer<Runnable> loop;
    private final Runnable cut;
    private final Runnable ended;

    private Flow.@Nullable Subscription subscription;
    /** Nothing more is written. */
    private boolean done;
    /** Nothing more is waited for. */
    private boolean over;

    private boolean full;
    /** Since when the socket has had no room. */
    private long fullSince;
    /** How long it had none before, in all. */
    private long waited;

    private long written;

    /**
     * What is asked of a client.
     *
     * @param stallNanos for which it may take nothing
     * @param leastRate bytes a second that it takes at least, once it was waited for so long in all
     */
    record Pace(long stallNanos, long leastRate) {
        private static final double NANOS = 1e9;

        boolean isKept(long waiting, long waitedInAll, long bytes) {
            return waiting <= stallNanos && waitedInAll <= stallNanos + bytes * NANOS / leastRate;
        }
    }

    /**
     * Binds it; {@link #start} begins. Status and headers are the caller's.
     *
     * @param loop runs a task on the exchange's event loop
     * @param cut closes a connection that carries no other answers, at once
     * @param ended told once, on the event loop, whichever way it ended
     */
    StreamWriter(
            HttpServerRequest request,
            Reply.Stream stream,
            Pace pace,
            Consumer<Runnable> loop,
            Runnable cut,
            Runnable ended) {
        this.request = request;
        this.response = request.response();
        this.stream = stream;
        this.pace = pace;
        this.loop = loop;
        this.cut = cut;
        this.ended = ended;
    }

    void start() {
        if (!isMultiplexed() && !response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
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
        long waiting = full ? nanoTime - fullSince : 0;
        return full && !pace.isKept(waiting, waited + waiting, written);
    }

    /** Ends the answer; it is over when the client has taken the rest, which may be all of a short one. */
    void finish() {
        if (!done) {
            stop();
            wait(true);
            response.end().onComplete(taken -> end());
        }
    }

    /** Cuts the answer off, so that the client sees that it is not whole. */
    void abort() {
        if (!over) {
            end();
            if (isMultiplexed()) {
                response.reset();
            } else {
                cut.run();
            }
        }
    }

    /** The client has gone. */
    void cancel() {
        end();
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
            written += chunk.length;
            if (response.writeQueueFull()) {
                wait(true);
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
            wait(false);
            if (subscription != null) {
                subscription.request(1);
            }
        }
    }

    private void wait(boolean begins) {
        long now = System.nanoTime();
        if (full) {
            waited += now - fullSince;
        }
        full = begins;
        fullSince = now;
    }

    private void stop() {
        done = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            stop();
            ended.run();
        }
    }
}
