package io.millrace.processor.serve;

import io.millrace.prediction.Inputs;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.ThreadScorers;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be scored now, and the thread that scores it: whatever waits when the thread is free is one batch, so
 * batches grow with the load and a request that comes alone is scored at once. The thread waits for more only while calls
 * are known to be on their way, reading their user's state, and never longer than the linger.
 *
 * <p>Thread-safe and bounded. PyTorch runs on this thread alone, with one OpenMP thread.
 */
final class ScoringQueue implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ScoringQueue.class);
    private static final long POLL_MILLIS = 100;
    private static final long WARMING_POLL_MILLIS = 1;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final Generations generations;
    private final ServeMeters meters;
    private final long linger;
    private final String usual;
    private final BlockingQueue<Waiting> queue;
    private final AtomicInteger coming = new AtomicInteger();
    private final Thread thread;
    private volatile ModelSet current;
    private volatile boolean closing;

    /**
     * A request that can be scored.
     *
     * @param deadline by {@link System#nanoTime}; after it the request is not scored any more
     */
    record Waiting(ActiveModel model, Inputs inputs, long deadline, Reply<Float> reply) {}

    private ScoringQueue(Generations generations, ServeConfig config, ServeMeters meters) {
        this.generations = generations;
        this.current = new ModelSet(generations.newest(), config.model());
        this.meters = meters;
        this.linger = config.linger().toNanos();
        this.usual = config.model();
        this.queue = new ArrayBlockingQueue<>(config.waiting());
        this.thread = new Thread(this::run, "millrace-predict");
        this.thread.setDaemon(true);
    }

    static ScoringQueue start(Generations generations, ServeConfig config, ServeMeters meters) {
        ScoringQueue queue = new ScoringQueue(generations, config, meters);
        queue.thread.start();
        return queue;
    }

    /** The models that can be asked at this moment. A set never changes; another takes its place once it is warm. */
    ModelSet models() {
        return current;
    }

    /** A call begins to read what it will ask to score; {@link #arrived} follows whatever comes of it. */
    void announce() {
        coming.incrementAndGet();
    }

    /** A call that was announced has asked, or will not. */
    void arrived() {
        coming.decrementAndGet();
    }

    int waiting() {
        return queue.size();
    }

    /** Takes a request, or refuses it where too many wait. */
    void add(Waiting request) {
        if (closing) {
            request.reply().refuse(GrpcStatus.UNAVAILABLE, "the processor is closing");
        } else if (!queue.offer(request)) {
            request.reply()
                    .refuse(
                            GrpcStatus.RESOURCE_EXHAUSTED,
                            "too many predictions wait already, expected at most "
                                    + (queue.size() + queue.remainingCapacity()));
        }
    }

    private void run() {
        try (ThreadScorers scorers = ThreadScorers.open(generations)) {
            current = new ModelSet(scorers.current(), usual);
            while (!closing) {
                Waiting first =
                        queue.poll(scorers.isWarming() ? WARMING_POLL_MILLIS : POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    score(scorers, batch(scorers, first));
                }
                if (scorers.warm()) {
                    // Whoever asked before the change is answered by whom it asked.
                    scoreAll(scorers);
                    current = new ModelSet(scorers.take(), usual);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ModelFailedException | RuntimeException | Error e) {
            log.error("The thread that predicts ended: restart the process once the cause is mended", e);
        } finally {
            closing = true;
            List<Waiting> left = new ArrayList<>();
            queue.drainTo(left);
            left.forEach(request -> request.reply().refuse(GrpcStatus.UNAVAILABLE, "the processor is closing"));
        }
    }

    private void scoreAll(ThreadScorers scorers) {
        List<Waiting> left = new ArrayList<>();
        queue.drainTo(left);
        if (!left.isEmpty()) {
            score(scorers, left);
        }
    }

    private List<Waiting> batch(ThreadScorers scorers, Waiting first) throws InterruptedException {
        Scorer scorer = scorers.find(first.model());
        int most = scorer == null ? 1 : scorer.largestBatch();
        List<Waiting> batch = new ArrayList<>();
        batch.add(first);
        queue.drainTo(batch, most - batch.size());
        long end = System.nanoTime() + linger;
        while (batch.size() < most && coming.get() > 0) {
            Waiting next = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            batch.add(next);
            queue.drainTo(batch, most - batch.size());
        }
        return batch;
    }

    private void score(ThreadScorers scorers, List<Waiting> batch) {
        long now = System.nanoTime();
        Map<ActiveModel, List<Waiting>> byModel = new LinkedHashMap<>();
        for (Waiting request : batch) {
            if (request.deadline() - now <= 0) {
                meters.expired();
                request.reply().refuse(GrpcStatus.DEADLINE_EXCEEDED, "the deadline passed while the request waited");
            } else {
                byModel.computeIfAbsent(request.model(), model -> new ArrayList<>())
                        .add(request);
            }
        }
        byModel.forEach((model, requests) -> {
            Scorer scorer = scorers.find(model);
            if (scorer == null) {
                requests.forEach(request -> request.reply()
                        .refuse(GrpcStatus.UNAVAILABLE, "the model was taken out of service; ask again"));
                return;
            }
            long began = System.nanoTime();
            // A batch may hold requests for several models, and only its own model's scorer bounds each part.
            for (int from = 0; from < requests.size(); from += scorer.largestBatch()) {
                List<Waiting> part = requests.subList(from, Math.min(requests.size(), from + scorer.largestBatch()));
                score(scorer, part);
            }
            meters.batch(requests.size(), System.nanoTime() - began);
        });
    }

    /** Halves a batch that fails until the requests that make it fail stand alone: their neighbours keep their scores. */
    private static void score(Scorer scorer, List<Waiting> requests) {
        float[] scores;
        try {
            scores = scorer.score(requests.stream().map(Waiting::inputs).toList());
        } catch (ModelFailedException e) {
            if (requests.size() == 1) {
                requests.get(0).reply().refuse(GrpcStatus.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
                return;
            }
            int middle = requests.size() >>> 1;
            score(scorer, requests.subList(0, middle));
            score(scorer, requests.subList(middle, requests.size()));
            return;
        }
        for (int i = 0; i < scores.length; i++) {
            Reply<Float> reply = requests.get(i).reply();
            if (Float.isFinite(scores[i])) {
                reply.give(scores[i]);
            } else {
                reply.refuse(
                        GrpcStatus.INVALID_ARGUMENT,
                        scorer.manifest().model() + " answered " + scores[i] + ": expected a finite number");
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
