package io.millrace.processor;

import io.millrace.grpc.v1.ModelRef;
import io.millrace.grpc.v1.PipelineInstance;
import io.millrace.grpc.v1.PipelineTask;
import io.millrace.grpc.v1.Restoration;
import io.millrace.grpc.v1.StateSize;
import io.millrace.grpc.v1.StoreWriterState;
import io.millrace.processor.observe.Rates;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.ScoreStores;
import io.millrace.processor.store.StoreHealth;
import io.millrace.processor.store.StoreWriter;
import io.millrace.processor.topology.RestoreProgress;
import io.millrace.processor.topology.StateMeters;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;

/** What this instance says of itself to whoever asks how the pipeline is. Thread-safe. */
final class InstanceView {
    private static final String RELEASE = release();

    private final ProcessorConfig config;
    private final Topologies topologies;
    private final RestoreProgress restore;
    private final Generations models;
    private final StoreWriter store;
    private final Rates rates;
    private final Instant started = Instant.now();

    InstanceView(
            ProcessorConfig config,
            Topologies topologies,
            RestoreProgress restore,
            Generations models,
            StoreWriter store,
            Rates rates) {
        this.config = config;
        this.topologies = topologies;
        this.restore = restore;
        this.models = models;
        this.store = store;
        this.rates = rates;
    }

    /** Everything but the address. Reads a few thousand meters of Kafka Streams, so it takes some milliseconds. */
    PipelineInstance get() {
        KafkaStreams answering = topologies.streams();
        PipelineInstance.Builder said = PipelineInstance.newBuilder()
                .setId(topologies.instanceId())
                .setRelease(RELEASE)
                .setStartedMs(started.toEpochMilli())
                .setState(lower(answering.state().name()))
                .setEventsPerSecond(rates.events())
                .setPredictionsPerSecond(rates.predictions())
                .setApplicationId(config.streams().applicationId())
                .setStoreGroup(config.store().group())
                .setStore(store(store.health()));
        topologies.all().forEach((layout, streams) -> tasks(said, layout, streams));
        for (String name : ScoreStores.PERSISTENT) {
            said.addStateSizes(StateSize.newBuilder()
                    .setStore(name)
                    .setBytes(StateMeters.bytes(answering, name))
                    .setKeys(StateMeters.keys(answering, name)));
        }
        for (RestoreProgress.Restoring one : restore.restoring()) {
            said.addRestoring(Restoration.newBuilder()
                    .setStore(one.store())
                    .setPartition(one.partition())
                    .setRecords(one.records())
                    .setLeft(one.left()));
        }
        for (ActiveModel model : models.newest().models()) {
            said.addModels(ModelRef.newBuilder()
                    .setName(model.version().name())
                    .setVersion(model.version().version())
                    .setRole(model.role().text()));
        }
        return said.build();
    }

    private static void tasks(PipelineInstance.Builder said, int layout, KafkaStreams streams) {
        for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
            said.addThreads(lower(thread.threadState()));
            tasks(said, layout, thread.activeTasks(), false);
            tasks(said, layout, thread.standbyTasks(), true);
        }
    }

    private static void tasks(
            PipelineInstance.Builder said, int layout, Collection<TaskMetadata> tasks, boolean standby) {
        tasks.stream()
                .mapToInt(task -> task.taskId().partition())
                .sorted()
                .forEach(partition -> said.addTasks(PipelineTask.newBuilder()
                        .setLayout(layout)
                        .setPartition(partition)
                        .setStandby(standby)));
    }

    private static StoreWriterState store(StoreHealth health) {
        return StoreWriterState.newBuilder()
                .setConnected(health.connected())
                .setDetail(health.detail())
                .setLag(health.lag())
                .build();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static String release() {
        Properties properties = new Properties();
        try (InputStream in = InstanceView.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing from the build");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
