package io.millrace.ingest.query;

import io.millrace.ingest.outcome.Problem;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole result as a stream of chunks, a page of rows each. A page is read when its chunk is asked for, with a connection
 * that is given back at once: between two chunks a client, however slow, holds no connection, no transaction and no thread,
 * only the chunk that it is about to take. One subscriber; thread-safe.
 */
public final class Export implements Flow.Publisher<byte[]>, Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Export.class);

    /** About as many bytes are in memory for one client. */
    static final long CHUNK_BYTES = 512 * 1024;

    private final Exports exports;
    private final Executor readers;
    private final Rows rows;
    private final byte[] head;

    private @Nullable String cursor;
    private long rowsLeft;
    private byte @Nullable [] next;
    private boolean isLast;

    private Flow.@Nullable Subscriber<? super byte[]> subscriber;
    private long demand;
    private boolean running;
    private boolean ended;

    /** What is streamed, page by page. */
    @FunctionalInterface
    public interface Rows {
        /**
         * One page, each row as it goes out.
         *
         * @param limit most rows
         * @param cursor where to go on; null at the beginning
         * @param mostBytes a page ends early once it has so many
         */
        Answer page(int limit, @Nullable String cursor, long mostBytes);
    }

    /**
     * Of these rows.
     *
     * @param head what stands before the first row
     * @param cursor where to begin; null for the beginning
     * @param most rows, in all
     */
    Export(Exports exports, Executor readers, Rows rows, byte[] head, @Nullable String cursor, long most) {
        this.exports = exports;
        this.readers = readers;
        this.rows = rows;
        this.head = head;
        this.cursor = cursor;
        this.rowsLeft = most;
    }

    /** Reads the first chunk, so that what cannot be answered at all is told by a status. Blocks; before anybody subscribes. */
    Optional<Problem> begin() {
        Answer answer = read(head);
        return answer instanceof Answer.Page ? Optional.empty() : Optional.of(Answer.problem(answer));
    }

    @Override
    public void subscribe(Flow.Subscriber<? super byte[]> given) {
        synchronized (this) {
            if (subscriber != null) {
                throw new IllegalStateException("an export has one subscriber");
            }
            subscriber = given;
        }
        boolean entered = exports.enter();
        if (!entered) {
            synchronized (this) {
                ended = true;
            }
        }
        given.onSubscribe(this);
        if (!entered) {
            given.onError(new ExportFailedException("too many results are streamed already"));
        }
    }

    @Override
    public synchronized void request(long chunks) {
        demand = demand + chunks < 0 ? Long.MAX_VALUE : demand + chunks;
        go();
    }

    @Override
    public void cancel() {
        end();
    }

    private synchronized void go() {
        if (running || ended || demand == 0) {
            return;
        }
        running = true;
        try {
            readers.execute(this::guardedStep);
        } catch (RejectedExecutionException e) {
            fail("the door closes");
        }
    }

    private void guardedStep() {
        try {
            step();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("A result's stream failed in a way nobody foresaw");
            fail("a bug; the cause is in the log");
        }
    }

    /** Gives the chunk that is there, or reads one and gives it. Only one runs at a time. */
    private void step() {
        byte[] chunk = next;
        next = null;
        if (chunk == null) {
            Answer answer = read(new byte[0]);
            chunk = next;
            next = null;
            if (chunk == null) {
                fail(Answer.problem(answer).detail());
                return;
            }
        }
        Flow.Subscriber<? super byte[]> to = takeDemand();
        if (to == null) {
            return;
        }
        to.onNext(chunk);
        if (!isLast) {
            stepped();
        } else if (end()) {
            to.onComplete();
        }
    }

    private synchronized Flow.@Nullable Subscriber<? super byte[]> takeDemand() {
        demand--;
        return ended ? null : subscriber;
    }

    private synchronized void stepped() {
        running = false;
        go();
    }

    private Answer read(byte[] before) {
        int limit = (int) Math.min(PredictionQuery.MAX_LIMIT, rowsLeft);
        Answer answer = rows.page(limit, cursor, CHUNK_BYTES);
        if (answer instanceof Answer.Page page) {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            chunk.writeBytes(before);
            page.predictions().forEach(chunk::writeBytes);
            next = chunk.toByteArray();
            rowsLeft -= page.predictions().size();
            isLast = page.next() == null || rowsLeft == 0;
            cursor = page.next();
        }
        return answer;
    }

    private void fail(String detail) {
        Flow.Subscriber<? super byte[]> to = subscriber;
        if (end() && to != null) {
            to.onError(new ExportFailedException(detail));
        }
    }

    /** Whether it had not ended before. */
    private synchronized boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        exports.leave();
        return true;
    }
}
