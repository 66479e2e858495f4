package io.millrace.ingest.publish;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.millrace.deadletter.DeadLetter;
import io.millrace.event.Event;
import io.millrace.identity.Traceparent;
import io.millrace.pipeline.PipelineFollower;
import io.millrace.pipeline.Sighting;
import io.millrace.trace.Step;
import io.millrace.trace.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The one way to Kafka: events to user-events, or to the topic that the pipeline has moved to, refusals to dead-letters,
 * each acknowledged by all in-sync replicas. Never blocks its caller, who may be an event loop: a full buffer or a missing broker fails the request. Thread-safe.
 */
public final class Publisher implements AutoCloseable {
    private static final int BATCH_BYTES = 64 * 1024;
    /** A topic that nobody wrote to for so long would have to be looked up again, for which nobody may wait. */
    private static final Duration METADATA_KEPT = Duration.ofDays(3650);

    private static final Duration BACKOFF = Duration.ofMillis(50);
    private static final Duration LONGEST_BACKOFF = Duration.ofMillis(500);

    private final Producer<byte[], byte[]> producer;
    private final Metric connections;
    private final Tracing tracing;
    private final EventRoute route;
    private final PipelineFollower pipeline;

    private Publisher(PublishConfig config, Tracing tracing) {
        this.producer = new KafkaProducer<>(settings(config), new ByteArraySerializer(), new ByteArraySerializer());
        this.tracing = tracing;
        this.route = new EventRoute(producer, config.deliveryTimeout(), System::nanoTime);
        this.pipeline = PipelineFollower.start(config.bootstrap(), "millrace-ingest-pipeline", route);
        this.connections = producer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("connection-count")
                        && metric.metricName().group().equals("producer-metrics"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Kafka's producer no longer counts its connections"));
    }

    /** Connects in the background; {@link Broker} says when the topics are known. */
    public static Publisher start(PublishConfig config, Tracing tracing) {
        return new Publisher(config, tracing);
    }

    static Map<String, Object> settings(PublishConfig config) {
        long delivery = config.deliveryTimeout().toMillis();
        return Map.ofEntries(
                Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap()),
                Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "millrace-ingest"),
                Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
                Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES),
                Map.entry(ProducerConfig.LINGER_MS_CONFIG, config.linger().toMillis()),
                Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, config.bufferBytes()),
                Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0),
                Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(delivery)),
                Map.entry(
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(delivery - config.linger().toMillis())),
                Map.entry(ProducerConfig.METADATA_MAX_IDLE_CONFIG, METADATA_KEPT.toMillis()),
                Map.entry(ProducerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG, -1L),
                Map.entry(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, BACKOFF.toMillis()),
                Map.entry(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_BACKOFF.toMillis()),
                Map.entry(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, LONGEST_BACKOFF.toMillis()));
    }

    /**
     * Sends all of them; the stage completes, on Kafka's thread, when every one is acknowledged, and fails when one is not.
     */
    public CompletionStage<@Nullable Void> publish(List<Event> events, List<DeadLetter> letters, Traceparent trace) {
        Publication publication = new Publication(events.size() + letters.size());
        for (Event event : events) {
            Step step = tracing.produce("publish", trace);
            if (step.isRecorded()) {
                step.put("event.id", event.id().value());
                route.send(event, step.trace(), new TracedCallback(step, publication));
            } else {
                route.send(event, trace, publication);
            }
        }
        for (DeadLetter letter : letters) {
            send(Records.of(letter), publication);
        }
        return publication.done();
    }

    /** What the topic pipeline said last; null before it was read. */
    public @Nullable Sighting sighted() {
        return pipeline.last();
    }

    /** Sends one record; the stage completes, on Kafka's thread, when it is acknowledged. */
    CompletionStage<RecordMetadata> send(ProducerRecord<byte[], byte[]> outgoing) {
        CompletableFuture<RecordMetadata> stored = new CompletableFuture<>();
        try {
            var unused = producer.send(outgoing, (metadata, failure) -> {
                if (failure == null) {
                    stored.complete(metadata);
                } else {
                    stored.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            stored.completeExceptionally(e);
        }
        return stored;
    }

    /** What Kafka's producer counts; whoever binds it closes it. */
    public KafkaClientMetrics meters() {
        return new KafkaClientMetrics(producer);
    }

    /**
     * Whether a broker is connected. A producer reconnects by itself, but an event that comes before it did is refused:
     * what it knows of the topics is from before, and found out of date only then.
     */
    boolean isConnected() {
        return connections.metricValue() instanceof Double count && count > 0;
    }

    /** Whether it is known which topic takes events. */
    boolean isRouted() {
        return route.isOpen();
    }

    /** Whether the partitions of a topic are known, so that nobody would have to wait for them; asks for them otherwise. */
    boolean knows(String topic) {
        try {
            return !producer.partitionsFor(topic).isEmpty();
        } catch (KafkaException e) {
            return false;
        }
    }

    private void send(ProducerRecord<byte[], byte[]> outgoing, Callback callback) {
        try {
            // The acknowledgement comes by the callback; the future says the same.
            var unused = producer.send(outgoing, callback);
        } catch (KafkaException | IllegalStateException e) {
            callback.onCompletion(null, e);
        }
    }

    /** Waits for what is in flight as long as a delivery may take. */
    @Override
    public void close() {
        producer.close();
        pipeline.close();
        route.close();
    }
}
