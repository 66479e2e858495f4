package io.millrace.ingest.receive.mqtt;

import io.millrace.ingest.adapt.Intake;
import io.millrace.ingest.adapt.mqtt.MqttAdapter;
import io.millrace.ingest.authorize.Operation;
import io.millrace.ingest.authorize.Operations;
import io.millrace.ingest.receive.Connections;
import io.millrace.ingest.receive.Door;
import io.millrace.ingest.receive.DoorClosedException;
import io.millrace.ingest.receive.RenewedCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The door for devices: MQTT 3.1.1 and 5, one listener on each event loop, all on one port. It shares nothing with the door
 * for HTTP but what stands behind both. Thread-safe.
 */
public final class MqttDoor implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    /** Whose permission publishing needs. */
    private static final String OPERATION = "publishEvents";
    /** Nobody reads an HTTP head there. */
    private static final Duration NEVER = Duration.ofDays(3650);

    private static final long LOOK_NANOS = 10_000_000;

    private final Vertx vertx;
    private final MqttConfig config;
    private final Devices devices;
    private final List<MqttListener> listeners;
    private final @Nullable RenewedCertificate certificate;
    private final int port;

    private MqttDoor(
            Vertx vertx,
            MqttConfig config,
            Devices devices,
            List<MqttListener> listeners,
            @Nullable RenewedCertificate certificate) {
        this.vertx = vertx;
        this.config = config;
        this.devices = devices;
        this.listeners = List.copyOf(listeners);
        this.certificate = certificate;
        this.port = listeners.get(0).port();
    }

    /**
     * Listens.
     *
     * @throws DoorClosedException if the address cannot be bound or the certificate cannot be used
     */
    public static MqttDoor open(MqttConfig config, Door.Parts parts) throws InterruptedException {
        Connections connections = new Connections(config.connections(), config.connectDeadline(), NEVER);
        Vertx vertx = Door.vertx(connections);
        try {
            return open(vertx, connections, config, parts);
        } catch (DoorClosedException | InterruptedException e) {
            var unused = vertx.close();
            throw e;
        }
    }

    private static MqttDoor open(Vertx vertx, Connections connections, MqttConfig config, Door.Parts parts)
            throws InterruptedException {
        Devices devices = new Devices(config.connections(), config.waitingBytes() / 2);
        Desk desk = new Desk(
                config,
                new MqttAdapter(config.topics(), parts.reader().limits()),
                new Intake(parts.reader().limits()),
                parts.authenticator(),
                operation(),
                parts.admission(),
                parts.acceptor(),
                parts.observer(),
                parts.clock(),
                new MqttMeters(parts.observer().meters(), devices),
                new Room(config.waitingBytes()),
                devices);
        vertx.setPeriodic(Connections.SWEEP_MILLIS, timer -> connections.sweep(System.nanoTime()));
        RenewedCertificate certificate =
                config.tls().map(tls -> RenewedCertificate.read(vertx, tls)).orElse(null);
        int loops = config.eventLoops() > 0
                ? config.eventLoops()
                : Runtime.getRuntime().availableProcessors();
        List<MqttListener> listeners = new ArrayList<>();
        try {
            for (int i = 0; i < loops; i++) {
                MqttListener listener =
                        new MqttListener(desk, connections, certificate == null ? null : certificate.options());
                await(vertx.deployVerticle(listener), START);
                listeners.add(listener);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new DoorClosedException(
                    "cannot listen on " + config.host() + ":" + config.port() + " for MQTT (ingest.mqtt.port): "
                            + (e.getCause() == null ? "no answer" : e.getCause().getMessage()),
                    e);
        }
        return new MqttDoor(vertx, config, devices, listeners, certificate);
    }

    private static Operation operation() {
        return Operations.ofContract().stream()
                .filter(operation -> operation.id().equals(OPERATION))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("openapi.yaml has no operation " + OPERATION));
    }

    /** The port it listens on, also where any free one was asked for. */
    public int port() {
        return port;
    }

    /** Lets nobody in, waits within the drain time for what is in flight, sends all devices away, then cuts off. */
    @Override
    public void close() {
        if (certificate != null) {
            certificate.close();
        }
        listeners.forEach(MqttListener::closing);
        long deadline = System.nanoTime() + config.drain().toNanos();
        devices.all().forEach(Device::drain);
        while (devices.connected() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        List<Future<?>> closing = new ArrayList<>();
        listeners.forEach(listener -> closing.add(vertx.undeploy(listener.deploymentID())));
        try {
            await(Future.join(closing), START);
            await(vertx.close(), START);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the door for devices does not close", e);
        }
    }

    private static void await(Future<?> future, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        future.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
