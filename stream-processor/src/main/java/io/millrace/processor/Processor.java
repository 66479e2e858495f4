package io.millrace.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.pipeline.PipelineFollower;
import io.millrace.processor.deadletter.DeadLetterPublisher;
import io.millrace.processor.deadletter.DeadLetterRecords;
import io.millrace.processor.model.Catalog;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.ModelState;
import io.millrace.processor.observe.Health;
import io.millrace.processor.observe.Rates;
import io.millrace.processor.observe.ScoringMeters;
import io.millrace.processor.observe.Trail;
import io.millrace.processor.quality.Quality;
import io.millrace.processor.registry.ModelRegistry;
import io.millrace.processor.registry.RegistryException;
import io.millrace.processor.registry.Seeding;
import io.millrace.processor.score.ScoreProcessor;
import io.millrace.processor.score.StateGate;
import io.millrace.processor.score.ThreadBatches;
import io.millrace.processor.serve.Managed;
import io.millrace.processor.serve.ScoringServer;
import io.millrace.processor.store.ErasureWriter;
import io.millrace.processor.store.LetterWriter;
import io.millrace.processor.store.QualityWriter;
import io.millrace.processor.store.StoreHealth;
import io.millrace.processor.store.StoreWriter;
import io.millrace.processor.swap.LiveModels;
import io.millrace.processor.topology.ConsumerLag;
import io.millrace.processor.topology.RestoreProgress;
import io.millrace.processor.topology.StateMemory;
import io.millrace.processor.topology.StateMeters;
import io.millrace.processor.topology.StreamsSettings;
import io.millrace.topic.TopicCreator;
import io.millrace.topic.TopicsUnavailableException;
import io.millrace.trace.Tracing;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running stream processor: models, topology and the store's writer. Thread-safe; closing it commits what is in
 * flight and leaves nothing behind.
 */
public final class Processor implements AutoCloseable {
    /** As traces and logs name it. */
    public static final String SERVICE = "stream-processor";

    private static final Logger log = LoggerFactory.getLogger(Processor.class);

    private final Topologies topologies;
    private final RestoreProgress restore;
    private final StoreWriter store;
    private final ScoringServer serving;
    private final LiveModels models;
    private final Deque<AutoCloseable> owned;

    private Processor(
            Topologies topologies,
            RestoreProgress restore,
            StoreWriter store,
            ScoringServer serving,
            LiveModels models,
            Deque<AutoCloseable> owned) {
        this.topologies = topologies;
        this.restore = restore;
        this.store = store;
        this.serving = serving;
        this.models = models;
        this.owned = owned;
    }

    /**
     * Starts everything, in the order of what needs what; {@link #health} says when it is ready.
     *
     * @param registry where meters go; stays the caller's
     * @throws ModelRefusedException if a model cannot be used
     * @throws RegistryException if the registry of models cannot be read or written
     * @throws IOException if a directory cannot be read or written
     * @throws io.millrace.topic.TopicsUnavailableException if the broker does not answer
     */
    public static Processor start(ProcessorConfig config, MeterRegistry registry)
            throws ModelRefusedException, RegistryException, IOException, InterruptedException {
        return start(config, registry, owned -> {
            ModelRegistry models = own(owned, ModelRegistry.start(config.registry(), Clock.systemUTC()));
            Seeding.plant(models, config.modelsDir(), config.registry().limits());
            return models;
        });
    }

    /**
     * The same with models from elsewhere.
     *
     * @param catalog of what is deployed, which is followed; stays the caller's
     */
    public static Processor start(ProcessorConfig config, MeterRegistry registry, Catalog catalog)
            throws ModelRefusedException, RegistryException, IOException, InterruptedException {
        return start(config, registry, owned -> catalog);
    }

    /** Where the models come from, once the topics are there. */
    private interface CatalogSource {
        Catalog open(Deque<AutoCloseable> owned)
                throws ModelRefusedException, RegistryException, IOException, InterruptedException;
    }

    private static Processor start(ProcessorConfig config, MeterRegistry registry, CatalogSource source)
            throws ModelRefusedException, RegistryException, IOException, InterruptedException {
        Deque<AutoCloseable> owned = new ArrayDeque<>();
        boolean started = false;
        try {
            createTopics(config);
            Clock clock = Clock.systemUTC();
            Catalog catalog = source.open(owned);
            LiveModels models =
                    own(owned, LiveModels.start(catalog, config.registry().limits(), config.lateness(), clock));
            StreamsSettings settings = StateDirectory.claim(config.streams());
            StateMemory memory = own(owned, new StateMemory(config.stateMemoryBytes()));
            Trail trail = new Trail(own(owned, Tracing.start(config.tracing(), SERVICE)));
            ScoringMeters meters = new ScoringMeters(registry, trail);
            Quality quality = new Quality(config.quality(), registry);
            models.onSettled(versions -> {
                meters.retain(versions);
                quality.scoring(versions);
            });
            // What scored before and is deployed no more may have predictions that still wait for their outcome.
            catalog.content().versions().values().forEach(version -> quality.watch(version.manifest()));
            catalog.onChange(
                    content -> content.versions().values().forEach(version -> quality.watch(version.manifest())));
            ThreadBatches batches = own(
                    owned,
                    new ThreadBatches(
                            models.generations(), meters, settings.commitInterval(), config.stateCacheBytes()));
            ScoringServer serving = own(
                    owned,
                    ScoringServer.start(
                            config.serve(),
                            models.generations(),
                            catalog,
                            config.registry().limits(),
                            managed(catalog, models, config),
                            registry));
            RestoreProgress restore = new RestoreProgress(registry);
            Topologies.Parts parts = new Topologies.Parts() {
                @Override
                public ScoreProcessor processor(StateGate gate, int partitions) {
                    return new ScoreProcessor(
                            batches, config.batchLinger(), quality, gate, partitions, config.predictionHeaders());
                }

                @Override
                public Properties properties(StreamsSettings of) {
                    Properties properties = of.properties(memory);
                    properties.put(DeadLetterRecords.METERS, meters);
                    properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, serving.advertised());
                    return properties;
                }

                @Override
                public boolean isWaiting() {
                    return batches.isWaiting();
                }

                @Override
                public void prepare(KafkaStreams streams) {
                    streams.setGlobalStateRestoreListener(restore);
                }
            };
            Topologies topologies = own(owned, new Topologies(settings, registry, parts, serving::attach));
            PipelineFollower pipeline =
                    own(owned, PipelineFollower.start(settings.bootstrap(), "millrace-processor-pipeline", topologies));
            if (pipeline.await(config.startTimeout()) == null) {
                throw new TopicsUnavailableException(
                        "topic pipeline was not read within " + config.startTimeout(), null);
            }
            topologies.requireStarted();
            StateMeters.bind(topologies::streams, memory, registry);
            own(owned, ConsumerLag.watch(topologies::streams, topologies::topic, registry));
            DeadLetterPublisher deadLetters = own(owned, new DeadLetterPublisher(settings.bootstrap()));
            ErasureWriter erasures = own(owned, ErasureWriter.start(config.store()));
            StoreWriter store = own(
                    owned,
                    StoreWriter.start(
                            config.store(), deadLetters::publish, registry, clock, trail, erasures::isCaughtUp));
            own(owned, QualityWriter.start(config.store()));
            own(owned, LetterWriter.start(config.store(), erasures::isCaughtUp));
            InstanceView view = new InstanceView(
                    config, topologies, restore, models.generations(), store, own(owned, Rates.watch(registry)));
            serving.tell(view::get);
            started = true;
            return new Processor(topologies, restore, store, serving, models, owned);
        } finally {
            if (!started) {
                closeAll(owned);
            }
        }
    }

    private static @Nullable Managed managed(Catalog catalog, LiveModels models, ProcessorConfig config) {
        return catalog instanceof ModelRegistry registry
                ? new Managed(
                        registry, models::states, config.registry().limits().largestArtifact())
                : null;
    }

    /** The port that ScoringService listens on. */
    public int grpcPort() {
        return serving.port();
    }

    /** How far each deployed version is on this instance. */
    public List<ModelState> modelStates() {
        return models.states();
    }

    /** Each part, ready or why not. */
    public List<Health> health() {
        KafkaStreams.State state = topologies.streams().state();
        List<Health> parts = new ArrayList<>();
        String restoring = restore.text();
        parts.add(new Health(
                "streams",
                state == KafkaStreams.State.RUNNING,
                state.name().toLowerCase(Locale.ROOT) + (restoring.isEmpty() ? "" : "; " + restoring)));
        parts.add(new Health(
                "models",
                true,
                String.join(
                        ", ",
                        models.generations().newest().models().stream()
                                .map(model -> model.version().toString())
                                .toList())));
        StoreHealth stored = store.health();
        parts.add(new Health("store", stored.connected(), stored.detail()));
        return parts;
    }

    private static void createTopics(ProcessorConfig config) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.streams().bootstrap()))) {
            int partitions = new TopicCreator(admin, config.startTimeout())
                    .createMissing(config.partitions(), config.replication());
            log.atInfo().addKeyValue("partitions", partitions).log("Topics are there");
        }
    }

    private static <T extends AutoCloseable> T own(Deque<AutoCloseable> owned, T resource) {
        owned.push(resource);
        return resource;
    }

    @Override
    public void close() {
        closeAll(owned);
    }

    private static void closeAll(Deque<AutoCloseable> owned) {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                log.warn("A part did not close cleanly", e);
            }
        }
    }
}
