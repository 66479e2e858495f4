package io.millrace.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.pipeline.PipelineFollower;
import io.millrace.pipeline.Sighting;
import io.millrace.processor.score.ScoreProcessor;
import io.millrace.processor.score.StateGate;
import io.millrace.processor.topology.GatedClients;
import io.millrace.processor.topology.ScoringTopology;
import io.millrace.processor.topology.StreamsSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running topologies: of the layout that the topic pipeline names, and during a move of the next one too. A task takes
 * events while it is certain that its layout runs, and has its state. Thread-safe; closing it commits what is in flight.
 */
final class Topologies implements PipelineFollower.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Topologies.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    /** What makes topologies. */
    interface Parts {
        ScoreProcessor processor(StateGate gate, int partitions);

        /** Given everything but the application id. */
        Properties properties(StreamsSettings settings);

        /** Whether the calling stream thread holds something that only time moves on. */
        boolean isWaiting();

        /** Before it is started. */
        void prepare(KafkaStreams streams);
    }

    private record Running(Layout layout, KafkaStreams streams, KafkaStreamsMetrics meters) {}

    private final StreamsSettings settings;
    private final MeterRegistry registry;
    private final Parts parts;
    private final Consumer<KafkaStreams> asked;
    /** Changed under the lock, looked at without it: a layout may take long to leave. */
    private final Map<Integer, Running> running = new ConcurrentSkipListMap<>();

    private final ExecutorService changes = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "millrace-topologies");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable Sighting last;
    private volatile @Nullable Running present;
    private long revision = -1;
    private boolean closed;

    /** @param asked told whose state answers questions about users, when that changes */
    Topologies(StreamsSettings settings, MeterRegistry registry, Parts parts, Consumer<KafkaStreams> asked) {
        this.settings = settings;
        this.registry = registry;
        this.parts = parts;
        this.asked = asked;
    }

    /** Those whose state answers questions; not before the first sighting. */
    KafkaStreams streams() {
        return Objects.requireNonNull(present, "the pipeline's layout is known").streams();
    }

    /** The name of this instance in the consumer group. */
    String instanceId() {
        return settings.instanceId();
    }

    /** Where their events come from. */
    String topic() {
        return Objects.requireNonNull(present, "the pipeline's layout is known")
                .layout()
                .topic();
    }

    /** All that run here: during a move two. By the numbers of their layouts. */
    Map<Integer, KafkaStreams> all() {
        Map<Integer, KafkaStreams> all = new TreeMap<>();
        running.forEach((number, one) -> all.put(number, one.streams()));
        return all;
    }

    @Override
    public void sighted(Sighting sighting) {
        Sighting before = last;
        last = sighting;
        if (before == null) {
            change(sighting.pipeline());
        } else if (before.pipeline().revision() != sighting.pipeline().revision()) {
            try {
                changes.execute(() -> change(sighting.pipeline()));
            } catch (RejectedExecutionException e) {
                log.debug("Closing; the pipeline's change is for the next start", e);
            }
        }
    }

    private synchronized void change(Pipeline pipeline) {
        if (closed || pipeline.revision() <= revision) {
            return;
        }
        revision = pipeline.revision();
        log.atInfo()
                .addKeyValue("layout", pipeline.layout())
                .addKeyValue("phase", pipeline.phase().text())
                .addKeyValue("next", pipeline.next())
                .log("The pipeline");
        for (Layout layout : pipeline.running()) {
            running.computeIfAbsent(layout.number(), unused -> start(layout));
        }
        Running answers = Objects.requireNonNull(running.get(pipeline.asked().number()));
        if (!answers.equals(present)) {
            present = answers;
            asked.accept(answers.streams());
        }
        List<Running> over = new ArrayList<>(running.values());
        over.removeIf(one -> isRunning(pipeline, one.layout()));
        over.forEach(one -> {
            running.remove(one.layout().number());
            leave(one);
        });
    }

    private Running start(Layout layout) {
        StateGate gate = layout.isMoved() ? StateGate.shut() : StateGate.open();
        Properties properties =
                parts.properties(settings.withApplicationId(layout.applicationId(settings.applicationId())));
        if (layout.isMoved()) {
            // Of two sources one may be shut: the other's records must not wait for it.
            properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        }
        KafkaStreams streams = new KafkaStreams(
                ScoringTopology.build(layout, () -> parts.processor(gate, layout.partitions())),
                properties,
                new GatedClients(partition -> mayRead(layout, gate, partition), parts::isWaiting));
        KafkaStreamsMetrics meters = new KafkaStreamsMetrics(streams);
        meters.bindTo(registry);
        parts.prepare(streams);
        streams.setUncaughtExceptionHandler(Topologies::afterFailure);
        streams.start();
        return new Running(layout, streams, meters);
    }

    /** The number names it: how many partitions layout 1 has is told when it is left. */
    private static boolean isRunning(Pipeline pipeline, Layout layout) {
        return pipeline.running().stream().anyMatch(one -> one.number() == layout.number());
    }

    private boolean mayRead(Layout layout, StateGate gate, TopicPartition partition) {
        Sighting sighting = last;
        return sighting != null
                && sighting.isFresh()
                && isRunning(sighting.pipeline(), layout)
                && (!partition.topic().equals(layout.topic()) || gate.isOpen(partition.partition()));
    }

    /** For good: its place in the group is given up, and its state on this disk. */
    private static void leave(Running one) {
        one.meters().close();
        boolean ended = one.streams()
                .close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                        .withTimeout(CLOSE_TIMEOUT));
        if (ended) {
            try {
                one.streams().cleanUp();
            } catch (RuntimeException e) {
                log.warn("Local state of a layout that is over stays behind", e);
            }
        }
        log.atInfo()
                .addKeyValue("layout", one.layout())
                .addKeyValue("ended", ended)
                .log("A layout is over here");
    }

    /**
     * A failed thread's transaction is aborted and its events come again on the thread that replaces it. What a new
     * thread cannot cure is an Error, such as a class path or a heap that is too small.
     */
    private static StreamThreadExceptionResponse afterFailure(Throwable failure) {
        if (failure instanceof Error || failure.getCause() instanceof Error) {
            log.error("The topology stops: restart the process once the cause is mended", failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        log.error("A stream thread failed and is replaced; its events are processed again", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    @Override
    public void close() {
        changes.shutdown();
        try {
            if (!changes.awaitTermination(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("A change of the pipeline does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            closed = true;
            running.values().stream()
                    .sorted(Comparator.comparing(one -> -one.layout().number()))
                    .forEach(one -> {
                        one.meters().close();
                        one.streams().close(CLOSE_TIMEOUT);
                    });
            running.clear();
        }
    }
}
