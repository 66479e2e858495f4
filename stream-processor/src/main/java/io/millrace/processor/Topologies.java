package io.millrace.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.pipeline.PipelineFollower;
import io.millrace.pipeline.Sighting;
import io.millrace.processor.score.ScoreProcessor;
import io.millrace.processor.score.StateGate;
import io.millrace.processor.topology.GatedClients;
import io.millrace.processor.topology.Guarantee;
import io.millrace.processor.topology.ScoringTopology;
import io.millrace.processor.topology.StreamsSettings;
import java.io.IOException;
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
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running topologies: of the layout that the topic pipeline names, and during a move of the next one too. A task takes
 * events while it is certain that its layout runs, and has its state. Thread-safe; closing it commits what is in flight.
 */
final class Topologies implements PipelineFollower.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Topologies.class);

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

    private final StreamsSettings settings;
    private final MeterRegistry registry;
    private final Parts parts;
    private final Consumer<KafkaStreams> asked;
    /** Changed under the lock, looked at without it: a layout may take long to leave. */
    private final Map<Integer, RunningLayout> running = new ConcurrentSkipListMap<>();

    private final ExecutorService changes = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "millrace-topologies");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable Sighting last;
    private volatile @Nullable RunningLayout present;
    private volatile @Nullable Exception failed;
    private long revision = -1;
    private boolean closed;

    /** @param asked told whose state answers questions about users, when that changes */
    Topologies(StreamsSettings settings, MeterRegistry registry, Parts parts, Consumer<KafkaStreams> asked) {
        this.settings = settings;
        this.registry = registry;
        this.parts = parts;
        this.asked = asked;
    }

    /** Throws what the first sighting's topologies could not start for. */
    void requireStarted() throws IOException {
        Exception failure = failed;
        if (failure != null) {
            throw new IOException("the topology could not start: " + failure.getMessage(), failure);
        }
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
            try {
                change(sighting.pipeline());
            } catch (RuntimeException e) {
                failed = e;
            }
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
        int threads = pipeline.threads().of(settings.instanceId()).orElse(settings.threads());
        for (Layout layout : pipeline.running()) {
            running.computeIfAbsent(layout.number(), unused -> start(layout, threads))
                    .threads(threads);
        }
        RunningLayout answers =
                Objects.requireNonNull(running.get(pipeline.asked().number()));
        if (!answers.equals(present)) {
            present = answers;
            asked.accept(answers.streams());
        }
        List<RunningLayout> over = new ArrayList<>(running.values());
        over.removeIf(one -> isRunning(pipeline, one.layout()));
        over.forEach(one -> {
            running.remove(one.layout().number());
            one.leave();
        });
    }

    private RunningLayout start(Layout layout, int threads) {
        StateGate gate = layout.isMoved() ? StateGate.shut() : StateGate.open();
        Properties properties =
                parts.properties(settings.withApplicationId(layout.applicationId(settings.applicationId())));
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        if (layout.isMoved()) {
            // Of two sources one may be shut: the other's records must not wait for it.
            properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        }
        KafkaStreams streams = new KafkaStreams(
                ScoringTopology.build(layout, () -> parts.processor(gate, layout.partitions())),
                properties,
                new GatedClients(partition -> mayRead(layout, gate, partition), parts::isWaiting));
        parts.prepare(streams);
        return RunningLayout.start(
                layout,
                streams,
                settings.stateDir().resolve(properties.getProperty(StreamsConfig.APPLICATION_ID_CONFIG)),
                settings.guarantee() == Guarantee.EXACTLY_ONCE,
                registry);
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

    @Override
    public void close() {
        changes.shutdown();
        try {
            if (!changes.awaitTermination(RunningLayout.CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("A change of the pipeline does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            closed = true;
            running.values().stream()
                    .sorted(Comparator.comparing(one -> -one.layout().number()))
                    .forEach(one -> one.stop(settings.standbys() > 0));
            running.clear();
        }
    }
}
