package io.millrace.ingest;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.ingest.accept.Acceptor;
import io.millrace.ingest.accept.EraseEndpoint;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.admit.SourceLimits;
import io.millrace.ingest.ask.ModelEndpoints;
import io.millrace.ingest.ask.ModelsClient;
import io.millrace.ingest.ask.PredictEndpoint;
import io.millrace.ingest.ask.ProcessorClient;
import io.millrace.ingest.authorize.Authenticator;
import io.millrace.ingest.authorize.SourceEndpoints;
import io.millrace.ingest.authorize.WriteKeys;
import io.millrace.ingest.observe.HealthCheck;
import io.millrace.ingest.observe.Meters;
import io.millrace.ingest.observe.Observer;
import io.millrace.ingest.observe.Readiness;
import io.millrace.ingest.observe.RemoteReadiness;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.publish.Broker;
import io.millrace.ingest.publish.KeptWriteKeys;
import io.millrace.ingest.publish.Publisher;
import io.millrace.ingest.publish.WriteKeyTopic;
import io.millrace.ingest.query.pipeline.PipelineEndpoint;
import io.millrace.ingest.receive.Connections;
import io.millrace.ingest.receive.Door;
import io.millrace.ingest.receive.DoorClosedException;
import io.millrace.ingest.receive.mqtt.MqttDoor;
import io.millrace.ingest.validate.EventReader;
import io.millrace.meter.ProcessRegistry;
import io.millrace.trace.Tracing;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ingest-api as it runs: HTTP in front, Kafka and the store behind. It starts without them, and is ready when they are
 * there. Thread-safe.
 */
public final class Ingest implements AutoCloseable {
    /** As traces and logs name it. */
    public static final String SERVICE = "ingest-api";

    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    private final Readiness readiness;
    private final Door door;
    private final @Nullable MqttDoor mqtt;
    /** Closed in this order: what was opened last first. */
    private final Deque<AutoCloseable> opened;

    private Ingest(Readiness readiness, Door door, @Nullable MqttDoor mqtt, Deque<AutoCloseable> opened) {
        this.readiness = readiness;
        this.door = door;
        this.mqtt = mqtt;
        this.opened = opened;
    }

    /**
     * Starts everything, in the order of the path.
     *
     * @param others dependencies that /readyz names beside Kafka
     * @throws IngestFailedException if the address cannot be bound
     */
    public static Ingest start(IngestConfig config, List<HealthCheck> others) {
        ProcessRegistry registry = new ProcessRegistry();
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        opened.push(registry);
        return start(config, others, registry.registry(), opened);
    }

    /**
     * The same in a process that has a registry already.
     *
     * @param registry of this process, which /metrics shows; stays the caller's
     * @throws IngestFailedException if the address cannot be bound
     */
    public static Ingest start(IngestConfig config, List<HealthCheck> others, PrometheusMeterRegistry registry) {
        return start(config, others, registry, new ArrayDeque<>());
    }

    private static Ingest start(
            IngestConfig config,
            List<HealthCheck> others,
            PrometheusMeterRegistry registry,
            Deque<AutoCloseable> opened) {
        try {
            return open(config, others, registry, opened);
        } catch (DoorClosedException e) {
            closeAll(opened);
            throw new IngestFailedException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            closeAll(opened);
            Thread.currentThread().interrupt();
            throw new IngestFailedException("the start was interrupted", e);
        } catch (RuntimeException e) {
            closeAll(opened);
            throw e;
        }
    }

    private static Ingest open(
            IngestConfig config,
            List<HealthCheck> others,
            PrometheusMeterRegistry registry,
            Deque<AutoCloseable> opened)
            throws InterruptedException {
        Clock clock = Clock.systemUTC();
        Tracing tracing = open(opened, Tracing.start(config.tracing(), SERVICE));
        Meters meters = new Meters(registry);
        Observer observer = new Observer(meters, tracing);
        Connections connections = new Connections(
                config.http().connections(),
                config.http().headDeadline(),
                config.http().idle());
        Vertx vertx = Door.vertx(connections);
        opened.push(
                () -> vertx.close().toCompletionStage().toCompletableFuture().get());
        Publisher publisher = open(opened, Publisher.start(config.publish(), tracing));
        KafkaClientMetrics producer = open(opened, publisher.meters());
        producer.bindTo(registry);
        Broker broker = open(opened, Broker.watch(config.publish(), publisher));
        WriteKeys writeKeys = new WriteKeys(config.access().writeKeys());
        KeptWriteKeys kept = new KeptWriteKeys(publisher, config.publish().deliveryTimeout());
        WriteKeyTopic sources = open(opened, WriteKeyTopic.follow(config.publish(), kept, writeKeys));
        Authenticator authenticator =
                open(opened, Authenticator.of(config.access(), writeKeys, new IssuerClient(), clock));
        List<HealthCheck> checks = new ArrayList<>(List.of(broker, sources));
        config.processorReady()
                .ifPresent(url -> checks.add(open(opened, new RemoteReadiness("processor", url, vertx))));
        checks.addAll(others);
        Readiness readiness = new Readiness(checks);
        ProcessorClient processor = open(opened, new ProcessorClient(vertx, config.ask(), meters.registry()));
        PipelineEndpoint pipeline =
                open(opened, new PipelineEndpoint(config.publish().bootstrap(), processor, publisher::sighted, clock));
        Reads reads = open(opened, Reads.start(config, processor, writeKeys::onlySource, meters, clock));
        Admission admission = new Admission(config.admission());
        meters.gauge("millrace.ingest.inflight.requests", "Requests in flight", admission::requests);
        meters.gauge("millrace.ingest.inflight.bytes", "Bytes of bodies in flight", admission::bytes);
        EventReader reader = new EventReader(config.validation());
        Map<String, Endpoint> endpoints = new HashMap<>(reads.endpoints());
        endpoints.putAll(pipeline.all());
        endpoints.putAll(new EraseEndpoint(
                        publisher,
                        writeKeys::onlySource,
                        clock,
                        config.publish().retryAfter())
                .all());
        endpoints.putAll(new PredictEndpoint(processor, reader, writeKeys::onlySource, clock).all());
        ModelsClient models = new ModelsClient(processor, config.ask());
        endpoints.putAll(new ModelEndpoints(models).all());
        endpoints.putAll(new SourceEndpoints(
                        writeKeys,
                        new TopicWriteKeyStore(kept),
                        clock,
                        config.publish().retryAfter())
                .all());
        Door.Parts parts = new Door.Parts(
                authenticator,
                admission,
                reader,
                new Acceptor(
                        publisher,
                        new SourceLimits(config.rates()),
                        meters,
                        config.publish().retryAfter()),
                readiness,
                observer,
                endpoints,
                models,
                clock);
        Door door = open(opened, Door.open(vertx, connections, config.http(), parts));
        MqttDoor mqtt = config.mqtt().isEmpty()
                ? null
                : open(opened, MqttDoor.open(config.mqtt().get(), parts));
        readiness.open();
        LOG.atInfo()
                .addKeyValue("host", config.http().host())
                .addKeyValue("port", door.port())
                .log("The door is open");
        if (mqtt != null) {
            LOG.atInfo()
                    .addKeyValue("host", config.mqtt().get().host())
                    .addKeyValue("port", mqtt.port())
                    .log("The door for devices is open");
        }
        return new Ingest(readiness, door, mqtt, opened);
    }

    /** The port that HTTP listens on. */
    public int port() {
        return door.port();
    }

    /** The port that MQTT listens on; empty where no device is served. */
    public OptionalInt mqttPort() {
        return mqtt == null ? OptionalInt.empty() : OptionalInt.of(mqtt.port());
    }

    /** Readiness off, drain, close: every event that was accepted is acknowledged before this returns. */
    @Override
    public void close() {
        readiness.closing();
        closeAll(opened);
        LOG.info("The door is closed");
    }

    private static <T extends AutoCloseable> T open(Deque<AutoCloseable> opened, T part) {
        opened.push(part);
        return part;
    }

    private static void closeAll(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                LOG.atWarn().setCause(e.getCause()).log("Closing failed");
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("Closing failed");
            }
        }
    }
}
