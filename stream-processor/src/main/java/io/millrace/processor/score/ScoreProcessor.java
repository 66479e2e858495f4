package io.millrace.processor.score;

import io.millrace.codec.PredictionHeaders;
import io.millrace.processor.observe.ScoringMeters;
import io.millrace.processor.quality.Quality;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.jspecify.annotations.Nullable;

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

    private final ThreadBatches threads;
    private final Duration linger;
    private final ScoringMeters meters;
    private final Quality quality;
    private final StateGate gate;
    private final int partitions;
    private final PredictionHeaders predictionHeaders;

    private @Nullable ScoreTask task;
    private @Nullable EventIntake intake;

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
        // A task that is revived after its state was lost is not always closed before.
        close();
        InternalProcessorContext<byte[], byte[]> context = (InternalProcessorContext<byte[], byte[]>) given;
        ThreadScoring scoring = threads.attach();
        Emitter emitter = new Emitter(context, meters, predictionHeaders);
        WaitingQueue queue = new WaitingQueue(context, scoring, emitter, meters, linger);
        RecentUsers users = new RecentUsers(context, context.getStateStore(ScoreStores.USERS), threads.userCache());
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
        context.schedule(EACH_LOOP, PunctuationType.WALL_CLOCK_TIME, now -> {
            scoring.look();
            queue.look(now);
            if (pace.isDue()) {
                context.commit();
            }
        });
        ScoreTask made = new ScoreTask(
                context,
                users,
                new SeenEvents(context, context.getStateStore(ScoreStores.SEEN)),
                scoring,
                queue,
                watched,
                emitter);
        MicroBatchStore hook = context.getStateStore(MicroBatchStore.NAME);
        hook.attach(made, pace::begin);
        task = made;
        intake = new EventIntake(made, meters);
    }

    @Override
    public void process(Record<byte[], Incoming> record) {
        ScoreTask task = Objects.requireNonNull(this.task, "init comes first");
        EventIntake intake = Objects.requireNonNull(this.intake, "init comes first");
        if (record.value() instanceof MovedState moved) {
            task.scoring().pace().took(BULK_AGE_MILLIS);
            task.quality().moved(moved);
        } else {
            ArrivedEvent arrived = (ArrivedEvent) record.value();
            task.scoring().pace().took(arrived == null ? 0 : task.age(arrived));
            intake.take(record, arrived);
        }
    }

    /** Streams has emptied the queue before; what of it is left is of a transaction that is aborted. */
    @Override
    public void close() {
        if (task != null) {
            task.scoring().detach();
            task.quality().close();
            task.users().close();
            task = null;
            intake = null;
        }
    }
}
