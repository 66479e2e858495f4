package io.millrace.ingest.query;

import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whole results, streamed: so many at a time, their reads on few threads of their own, so that pages always find a
 * connection. Thread-safe; whoever makes it closes it.
 */
public final class Exports implements AutoCloseable {
    /** Connections to PostgreSQL that streams share, beside those of pages. */
    static final int CONNECTIONS = 2;

    private final Predictions predictions;
    private final int most;
    private final Semaphore places;
    private final ThreadPoolExecutor readers;

    /** @param most streams at a time */
    public Exports(Predictions predictions, int most) {
        this.predictions = predictions;
        this.most = most;
        this.places = new Semaphore(most);
        // A stream waits for one chunk at a time: the queue is never longer than there are streams.
        this.readers = new ThreadPoolExecutor(
                CONNECTIONS, CONNECTIONS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "millrace-export");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** How many streams there are. */
    public int active() {
        return most - places.availablePermits();
    }

    /** Begins a stream: reads its first chunk on the calling thread, and holds nothing until somebody subscribes. */
    Reply begin(PredictionQuery query, Format format, long rows) {
        return begin(
                (limit, cursor, bytes) -> predictions.read(query.page(limit, cursor), format::row, bytes),
                format.contentType(),
                format.head(),
                query.cursor(),
                rows);
    }

    /** The same of any rows. */
    public Reply begin(Export.Rows pages, String contentType, byte[] head, @Nullable String cursor, long rows) {
        if (places.availablePermits() == 0) {
            return new Reply.Failed(new Problem.Overloaded(
                    "too many results are streamed already: expected at most " + most, Answer.RETRY_AFTER));
        }
        Export export = new Export(this, readers, pages, head, cursor, rows);
        return export.begin()
                .<Reply>map(Reply.Failed::new)
                .orElseGet(() -> new Reply.Stream(contentType, false, export));
    }

    boolean enter() {
        return places.tryAcquire();
    }

    void leave() {
        places.release();
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
