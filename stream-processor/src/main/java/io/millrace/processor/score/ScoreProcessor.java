package io.millrace.processor.score;

import io.millrace.codec.PredictionHeaders;
import io.millrace.codec.RecordHeaders;
import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.deadletter.Redrive;
import io.millrace.event.Erasure;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.Profile;
import io.millrace.identity.Traceparent;
import io.millrace.identity.UserKey;
import io.millrace.processor.deadletter.AfterTakenException;
import io.millrace.processor.observe.ScoringMeters;
import io.millrace.processor.quality.Quality;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stage that scores, one instance a task: an event that was not seen before updates its user's profile and features
 * at once, and waits in a micro-batch for its scores.
 */
public final class ScoreProcessor implements Processor<byte[], Incoming, byte[], byte[]> {
    public static final String NODE = "score";
    public static final String PREDICTIONS = "predictions";
    public static final String SHADOW_PREDICTIONS = "shadow-predictions";
    public static final String PROFILES = "user-profiles";
    public static final String DEAD_LETTERS = "dead-letters";
    public static final String QUALITY = "model-quality";
    public static final String ERASURES = "erasures";

    /** What Streams' own interval between commits is set to: the stage asks for its commits, this is for what else there is. */
    public static final Duration LONGEST_COMMIT_INTERVAL = CommitPace.LONGEST;

    /** The shortest that Streams takes: it runs once a loop at most, and a loop is the soonest there is. */
    private static final Duration EACH_LOOP = Duration.ofMillis(1);

    /** State that moves in comes in bulk and waits for nobody: its commits need not follow as fast as can be. */
    private static final long BULK_AGE_MILLIS = 2_000;

    private static final Logger log = LoggerFactory.getLogger(ScoreProcessor.class);

    private final ThreadBatches threads;
    private final Duration linger;
    private final ScoringMeters meters;
    private final Quality quality;
    private final StateGate gate;
    private final int partitions;
    private final PredictionHeaders predictionHeaders;

    private @Nullable ScoreTask task;

    /**
     * Of a layout that begins with nothing.
     *
     * @param linger how long an event waits for its batch while more keep coming
     */
    public ScoreProcessor(ThreadBatches threads, Duration linger, Quality quality) {
        this(threads, linger, quality, StateGate.open(), 0, PredictionHeaders.NONE);
    }

    /**
     * Of a layout whose tasks wait for state.
     *
     * @param linger how long an event waits for its batch while more keep coming
     * @param gate that tells which of its tasks have their state
     * @param partitions of the layout
     * @param predictionHeaders of what it emits
     */
    public ScoreProcessor(
            ThreadBatches threads,
            Duration linger,
            Quality quality,
            StateGate gate,
            int partitions,
            PredictionHeaders predictionHeaders) {
        this.predictionHeaders = predictionHeaders;
        this.quality = quality;
        this.gate = gate;
        this.partitions = partitions;
        this.threads = threads;
        this.linger = linger;
        this.meters = threads.meters();
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> given) {
        InternalProcessorContext<byte[], byte[]> context = (InternalProcessorContext<byte[], byte[]>) given;
        ThreadScoring scoring = threads.attach();
        Emitter emitter = new Emitter(context, meters, predictionHeaders);
        WaitingQueue queue = new WaitingQueue(context, scoring, emitter, meters, linger);
        MicroBatchStore hook = context.getStateStore(MicroBatchStore.NAME);
        KeyValueStore<byte[], byte[]> users = context.getStateStore(ScoreStores.USERS);
        StateArrival arrival = new StateArrival(
                context.taskId().partition(),
                partitions,
                gate,
                users,
                context.getStateStore(ScoreStores.SEEN),
                context.getStateStore(ScoreStores.QUALITY));
        TaskQuality watched = new TaskQuality(context, quality, users, queue, arrival);
        queue.attach(watched);
        CommitPace pace = scoring.pace();
        hook.attach(watched, pace::begin);
        context.schedule(EACH_LOOP, PunctuationType.WALL_CLOCK_TIME, now -> {
            scoring.look();
            queue.look(now);
            if (pace.isDue()) {
                context.commit();
            }
        });
        task = new ScoreTask(
                context,
                users,
                new SeenEvents(context.getStateStore(ScoreStores.SEEN)),
                scoring,
                queue,
                watched,
                emitter);
    }

    @Override
    public void process(Record<byte[], Incoming> record) {
        ScoreTask task = Objects.requireNonNull(this.task, "init comes first");
        if (record.value() instanceof MovedState moved) {
            task.scoring().pace().took(BULK_AGE_MILLIS);
            task.quality().moved(moved);
        } else {
            ArrivedEvent arrived = (ArrivedEvent) record.value();
            task.scoring().pace().took(arrived == null ? 0 : task.age(arrived));
            take(task, record, arrived);
        }
    }

    private void take(ScoreTask task, Record<byte[], Incoming> record, @Nullable ArrivedEvent arrived) {
        ProcessorRecordContext origin = task.context().recordContext();
        Traceparent trace = RecordHeaders.traceparent(record.headers()).orElse(null);
        if (arrived == null) {
            String detail = "the record has no value: expected an event";
            task.refuse(Stage.DECODE, Reason.TOMBSTONE, detail, null, record.key(), trace);
            return;
        }
        UserKey user = arrived.event().user();
        byte[] key = user.text().getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(key, record.key())) {
            String detail = "the record's key is not its event's user: expected \"" + user.text()
                    + "\"; the event may stand on another partition than its user's state";
            task.refuse(Stage.DECODE, Reason.UNDECODABLE, detail, arrived, record.key(), trace);
            return;
        }
        String ahead = arrived.ahead(task.emitter().now().plus(SeenEvents.MOST_AHEAD));
        if (ahead != null) {
            task.refuse(
                    arrived.isAgain() ? Stage.SCORE : Stage.DECODE,
                    Reason.TIMESTAMP_OUT_OF_RANGE,
                    ahead,
                    arrived,
                    record.key(),
                    trace);
            return;
        }
        if (!task.seen().isNew(arrived.event(), arrived.redrive())) {
            meters.duplicate();
            meters.trail().duplicate(arrived.event(), trace);
            return;
        }
        if (arrived.event().kind() == EventKind.ERASE) {
            erase(task, arrived.event(), key, trace);
            return;
        }
        meters.event();
        if (arrived.isAgain()) {
            takeAgain(task, arrived, user, key, origin, trace);
        } else {
            take(task, arrived, user, key, origin, trace);
        }
    }

    /** What waits goes out first: it is of before. That the order was obeyed is all that is remembered. */
    private static void erase(ScoreTask task, Event order, byte[] key, @Nullable Traceparent trace) {
        task.queue().drain();
        task.users().delete(key);
        int seen = task.seen().forget(key);
        task.seen().remember(order, null, key);
        task.emitter().erased(order.user(), key, trace);
        log.atInfo()
                .addKeyValue("user_hash", Erasure.hash(order.user()))
                .addKeyValue("partition", task.context().taskId().partition())
                .addKeyValue("seen_ids", seen)
                .log("A user is erased");
    }

    /** An event that a model refused and that was put back: it is in the features, and others may have scored it. */
    private void takeAgain(
            ScoreTask task,
            ArrivedEvent arrived,
            UserKey user,
            byte[] key,
            ProcessorRecordContext origin,
            @Nullable Traceparent trace) {
        Redrive redrive = Objects.requireNonNull(arrived.redrive());
        String refusedBy = redrive.model();
        String name = refusedBy == null ? null : refusedBy.substring(0, (refusedBy + "@").indexOf('@'));
        Generation generation = task.scoring().generation();
        List<Waiting> shares = new ArrayList<>();
        new Shares(arrived, key, trace, origin, meters.trail())
                .divide(generation, generation.again(user, task.users().get(key), arrived.event(), name), shares::add);
        task.seen().remember(arrived.event(), redrive, key);
        if (shares.isEmpty() && name != null) {
            String detail = "model " + name + ": it does not score such events any more, so nobody does";
            task.refuse(Stage.SCORE, Reason.MODEL_FAILED, detail, arrived, key, trace);
        }
        shares.forEach(task.queue()::add);
    }

    private void take(
            ScoreTask task,
            ArrivedEvent arrived,
            UserKey user,
            byte[] key,
            ProcessorRecordContext origin,
            @Nullable Traceparent trace) {
        byte[] stored = task.users().get(key);
        Generation generation = task.scoring().generation();
        UserSteps.Step step = generation.take(user, stored, arrived.event());
        byte[] record = task.quality().taken(generation, arrived.event(), step.newer(), step.record());
        // Both or none: what throws before is as if the event had not come, what throws after says that it had.
        task.seen().remember(arrived.event(), arrived.redrive(), key);
        task.users().put(key, record);
        List<Waiting> shares = new ArrayList<>();
        try {
            tell(task, arrived, key, step, trace);
            new Shares(arrived, key, trace, origin, meters.trail()).divide(generation, step.featurized(), shares::add);
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new AfterTakenException(e);
        }
        shares.forEach(task.queue()::add);
    }

    private void tell(
            ScoreTask task, ArrivedEvent arrived, byte[] key, UserSteps.Step step, @Nullable Traceparent trace) {
        Profile profile = step.enrichment().profile();
        if (step.enrichment().changed() && profile != null) {
            task.emitter().profile(key, profile, arrived.event().times().received(), trace);
        }
        meters.traitsDropped(step.enrichment().dropped());
        switch (step.arrival()) {
            case IN_ORDER -> {}
            case LATE -> meters.late();
            case TOO_LATE -> meters.tooLate();
        }
    }

    /** Streams has emptied the queue before; what of it is left is of a transaction that is aborted. */
    @Override
    public void close() {
        if (task != null) {
            task.scoring().detach();
            task.quality().close();
            task = null;
        }
    }
}
