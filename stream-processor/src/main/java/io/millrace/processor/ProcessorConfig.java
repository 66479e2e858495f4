package io.millrace.processor;

import io.millrace.codec.PredictionHeaders;
import io.millrace.config.Exposure;
import io.millrace.config.Settings;
import io.millrace.config.SharedKeys;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.quality.QualityConfig;
import io.millrace.processor.registry.RegistryConfig;
import io.millrace.processor.serve.ServeConfig;
import io.millrace.processor.serve.ServeKeys;
import io.millrace.processor.store.StoreConfig;
import io.millrace.processor.topology.StreamsSettings;
import io.millrace.trace.TracingConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The processor's settings, parsed and checked.
 *
 * @param streams what the topology runs under
 * @param stateCacheBytes heap for users between commits, of all tasks together
 * @param stateMemoryBytes native memory of all stores together
 * @param batchLinger how long an event waits for its batch at most
 * @param lateness how late an event may be and still count
 * @param predictionHeaders of what it emits
 * @param modelsDir one directory a model; empty: the models that come with Millrace
 * @param registry of models, and what it refuses
 * @param partitions of topics that are created
 * @param replication of topics that are created; -1 is the broker's default
 * @param startTimeout how long the start waits for what it needs
 * @param httpHost address of the probes and metrics
 * @param httpPort port of the probes and metrics
 * @param quality how models are watched
 * @param store the store's writer
 * @param serve ScoringService
 * @param tracing what is recorded of the traces
 */
public record ProcessorConfig(
        StreamsSettings streams,
        long stateCacheBytes,
        long stateMemoryBytes,
        Duration batchLinger,
        Duration lateness,
        PredictionHeaders predictionHeaders,
        Optional<Path> modelsDir,
        RegistryConfig registry,
        int partitions,
        short replication,
        Duration startTimeout,
        String httpHost,
        int httpPort,
        QualityConfig quality,
        StoreConfig store,
        ServeConfig serve,
        TracingConfig tracing) {

    /** Reads every setting of the processor; the caller calls {@link Settings#check} after. */
    public static ProcessorConfig from(Settings settings) {
        Path stateDir = Path.of(settings.get(ProcessorKeys.STATE_DIR));
        int replication = settings.get(SharedKeys.TOPICS_REPLICATION);
        String given = settings.get(ProcessorKeys.INSTANCE_ID);
        String modelsDir = settings.get(ProcessorKeys.MODELS_DIR);
        Exposure.check(settings, ProcessorKeys.HTTP_HOST);
        Exposure.check(settings, ServeKeys.HOST);
        return new ProcessorConfig(
                new StreamsSettings(
                        settings.get(SharedKeys.KAFKA_BOOTSTRAP),
                        settings.get(ProcessorKeys.APPLICATION_ID),
                        given,
                        stateDir,
                        settings.get(ProcessorKeys.THREADS),
                        settings.get(ProcessorKeys.GUARANTEE),
                        settings.get(ProcessorKeys.COMMIT_INTERVAL),
                        settings.get(ProcessorKeys.STANDBYS),
                        replication),
                settings.get(ProcessorKeys.STATE_CACHE),
                settings.get(ProcessorKeys.STATE_MEMORY),
                settings.get(ProcessorKeys.LINGER),
                settings.get(ProcessorKeys.LATENESS),
                predictionHeaders(settings.get(ProcessorKeys.CLOUDEVENTS_SOURCE)),
                modelsDir.isEmpty() ? Optional.empty() : Optional.of(Path.of(modelsDir)),
                RegistryConfig.from(
                        settings,
                        settings.get(SharedKeys.KAFKA_BOOTSTRAP),
                        new ModelLimits(
                                // Read whole when it is registered and when it is loaded, maybe at once.
                                Math.min(
                                        settings.get(ProcessorKeys.MODEL_BYTES),
                                        Runtime.getRuntime().maxMemory() / 4),
                                settings.get(ProcessorKeys.MODEL_WARM_UP),
                                ModelLimits.buckets(settings.get(ProcessorKeys.BATCH_SIZE))),
                        settings.get(ProcessorKeys.START_TIMEOUT),
                        settings.get(ProcessorKeys.LATENESS)),
                settings.get(SharedKeys.TOPICS_PARTITIONS),
                (short) replication,
                settings.get(ProcessorKeys.START_TIMEOUT),
                settings.get(ProcessorKeys.HTTP_HOST),
                settings.get(ProcessorKeys.HTTP_PORT),
                QualityConfig.from(settings),
                StoreConfig.from(settings),
                ServeConfig.from(settings),
                TracingConfig.from(settings));
    }

    private static PredictionHeaders predictionHeaders(URI source) {
        return source.toString().isEmpty() ? PredictionHeaders.NONE : PredictionHeaders.cloudEvents(source);
    }
}
