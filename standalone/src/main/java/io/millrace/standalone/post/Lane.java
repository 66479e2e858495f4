package io.millrace.standalone.post;

import io.millrace.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request in flight; a posting stays in line until it is answered, and a batch is sent until it is. */
final class Lane implements AutoCloseable {
    private static final int MAX_WAITING = 1_000;
    private static final int MAX_BATCH = 500;
    private static final int MAX_BATCH_BYTES = 768 * 1024;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private final Door door;
    private final Duration patience;
    private final Tally tally;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Deque<Posting> waiting = new ArrayDeque<>();
    private int batchLimit = MAX_BATCH;
    private @Nullable String failure;

    private Lane(String name, Door door, Duration patience, Tally tally) {
        this.door = door;
        this.patience = patience;
        this.tally = tally;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    static Lane start(String name, Door door, Duration patience, Tally tally) {
        Lane lane = new Lane(name, door, patience, tally);
        lane.thread.start();
        return lane;
    }

    synchronized void add(Posting posting) throws InterruptedException {
        while (waiting.size() >= MAX_WAITING && failure == null) {
            wait();
        }
        waiting.add(posting);
        notifyAll();
    }

    synchronized long firstWaiting() {
        Posting first = waiting.peek();
        return first == null ? Long.MAX_VALUE : first.number();
    }

    synchronized void awaitEmpty() throws InterruptedException {
        while (!waiting.isEmpty() && failure == null) {
            wait();
        }
    }

    synchronized void failIfFailed() throws PostingFailedException {
        if (failure != null) {
            throw new PostingFailedException(failure);
        }
    }

    private void run() {
        try {
            while (closed.getCount() > 0) {
                send(nextBatch());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (PostingFailedException e) {
            fail(e.getMessage());
        } catch (RuntimeException e) {
            fail("Posting failed: " + e);
        }
    }

    private synchronized void fail(@Nullable String why) {
        failure = why == null ? "Posting failed." : why;
        notifyAll();
    }

    private synchronized List<JsonObject> nextBatch() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        List<JsonObject> batch = new ArrayList<>();
        int bytes = 0;
        for (Posting posting : waiting) {
            bytes += posting.body().length() + 1;
            if (batch.size() == batchLimit || (bytes > MAX_BATCH_BYTES && !batch.isEmpty())) {
                break;
            }
            batch.add(posting.body());
        }
        return batch;
    }

    private void send(List<JsonObject> batch) throws InterruptedException, PostingFailedException {
        long giveUpAt = System.nanoTime() + patience.toNanos();
        Duration backoff = FIRST_BACKOFF;
        while (true) {
            Answer answer = door.post(batch);
            if (answer instanceof Answer.Answered answered) {
                tally.answered(answered);
                remove(batch.size());
                return;
            } else if (answer instanceof Answer.TooLarge) {
                if (batch.size() == 1) {
                    tally.refused(new Refusal("body_too_large", "one event is more than the door takes"));
                    remove(1);
                } else {
                    batchLimit = batch.size() / 2;
                }
                return;
            } else if (answer instanceof Answer.Denied denied) {
                throw new PostingFailedException(denied.why());
            } else if (answer instanceof Answer.Later later) {
                if (System.nanoTime() - giveUpAt > 0) {
                    throw new PostingFailedException(
                            "Gave up after trying for " + patience.toSeconds() + " s: " + later.why());
                }
                tally.retried(batch.size(), later.why());
                Duration pause = later.pause().isZero() ? backoff : later.pause();
                if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                backoff = backoff.multipliedBy(2).compareTo(LONGEST_BACKOFF) < 0
                        ? backoff.multipliedBy(2)
                        : LONGEST_BACKOFF;
            }
        }
    }

    private synchronized void remove(int count) {
        for (int i = 0; i < count; i++) {
            waiting.remove();
        }
        notifyAll();
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
