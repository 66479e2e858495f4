package io.millrace.processor.serve;

import io.millrace.prediction.Inputs;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.score.ActiveModel;
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
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final Models models;
    private final ServeMeters meters;
    private final long linger;
    private final BlockingQueue<Waiting> queue;
    private final AtomicInteger coming = new AtomicInteger();
    private final Map<ActiveModel, Scorer> scorers = new LinkedHashMap<>();
    private final Thread thread;
    private volatile boolean closing;

    /**
     * A request that can be scored.
     *
     * @param deadline by {@link System#nanoTime}; after it the request is not scored any more
     */
    record Waiting(ActiveModel model, Inputs inputs, long deadline, Reply<Float> reply) {}

    private ScoringQueue(Models models, ServeConfig config, ServeMeters meters) {
        this.models = models;
        this.meters = meters;
        this.linger = config.linger().toNanos();
        this.queue = new ArrayBlockingQueue<>(config.waiting());
        this.thread = new Thread(this::run, "millrace-predict");
        this.thread.setDaemon(true);
    }

    static ScoringQueue start(Models models, ServeConfig config, ServeMeters meters) {
        ScoringQueue queue = new ScoringQueue(models, config, meters);
        queue.thread.start();
        return queue;
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
        try {
            models.current().models().forEach(model -> scorer(model.active()));
            while (!closing) {
                Waiting first = queue.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    score(batch(first));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            log.error("The thread that predicts ended: restart the process once the cause is mended", e);
        } finally {
            closing = true;
            List<Waiting> left = new ArrayList<>();
            queue.drainTo(left);
            left.forEach(request -> request.reply().refuse(GrpcStatus.UNAVAILABLE, "the processor is closing"));
            scorers.values().forEach(Scorer::close);
        }
    }

    private List<Waiting> batch(Waiting first) throws InterruptedException {
        Scorer scorer = scorers.get(first.model());
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

    private void score(List<Waiting> batch) {
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
            Scorer scorer = scorer(model);
            if (scorer == null) {
                requests.forEach(request ->
                        request.reply().refuse(GrpcStatus.UNAVAILABLE, "the model was taken out of service"));
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
        closeRetired();
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

    /** Null where the model does not run here any more. */
    private @org.jspecify.annotations.Nullable Scorer scorer(ActiveModel model) {
        Scorer known = scorers.get(model);
        if (known != null) {
            return known;
        }
        try {
            Scorer made = model.loaded().newScorer();
            scorers.put(model, made);
            return made;
        } catch (ModelFailedException | IllegalStateException e) {
            log.atWarn()
                    .addKeyValue("model", model.loaded().manifest().model().toString())
                    .setCause(e)
                    .log("A model cannot be asked to predict");
            return null;
        }
    }

    private void closeRetired() {
        List<ServedModel> current = models.current().models();
        if (scorers.size() <= current.size()) {
            return;
        }
        scorers.entrySet().removeIf(entry -> {
            boolean retired = current.stream().noneMatch(model -> model.active().equals(entry.getKey()));
            if (retired) {
                entry.getValue().close();
            }
            return retired;
        });
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
