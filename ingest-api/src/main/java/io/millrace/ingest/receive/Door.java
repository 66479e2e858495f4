package io.millrace.ingest.receive;

import io.millrace.ingest.accept.Acceptor;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.ask.ModelsClient;
import io.millrace.ingest.authorize.Authenticator;
import io.millrace.ingest.authorize.Operation;
import io.millrace.ingest.authorize.Operations;
import io.millrace.ingest.observe.Meters;
import io.millrace.ingest.observe.Observer;
import io.millrace.ingest.observe.Readiness;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.validate.EventReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The HTTP server: one listener on each event loop, all on one port. Thread-safe. */
public final class Door implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    /**
     * What stands behind the door.
     *
     * @param endpoints all other operations by operationId
     */
    public record Parts(
            Authenticator authenticator,
            Admission admission,
            EventReader reader,
            Acceptor acceptor,
            Readiness readiness,
            Observer observer,
            Map<String, Endpoint> endpoints,
            ModelsClient models,
            Clock clock) {
        public Parts {
            endpoints = Map.copyOf(endpoints);
        }

        Meters meters() {
            return observer.meters();
        }
    }

    private final Vertx vertx;
    private final HttpConfig config;
    private final List<Listener> listeners;
    private final @Nullable CertificateWatch watch;
    private final int port;

    private Door(Vertx vertx, HttpConfig config, List<Listener> listeners, @Nullable CertificateWatch watch) {
        this.vertx = vertx;
        this.config = config;
        this.listeners = List.copyOf(listeners);
        this.watch = watch;
        this.port = listeners.get(0).port();
    }

    /** A Vert.x whose servers let nobody in but by {@code connections}; the caller closes it. */
    public static Vertx vertx(Connections connections) {
        return Vertx.builder().withTransport(new DoorTransport(connections)).build();
    }

    /**
     * Binds the contract's operations and listens. The caller keeps {@code vertx} and closes it after the door.
     *
     * @param connections that {@code vertx} was made with
     * @throws DoorClosedException if the address cannot be bound or the certificate cannot be used
     */
    public static Door open(Vertx vertx, Connections connections, HttpConfig config, Parts parts)
            throws InterruptedException {
        List<Operation> operations = Operations.ofContract();
        Routes routes = new Routes(operations, Handlers.all(operations, config, parts));
        int loops = config.eventLoops() > 0
                ? config.eventLoops()
                : Runtime.getRuntime().availableProcessors();
        parts.meters().gauge("millrace.ingest.connections", "Open HTTP connections", connections::open);
        Untaken untaken = Untaken.ofThisMachine();
        parts.meters()
                .gauge(
                        "millrace.ingest.untaken",
                        "Long answers that clients have not taken yet",
                        "bytes",
                        untaken::bytes);
        vertx.setPeriodic(Connections.SWEEP_MILLIS, timer -> connections.sweep(System.nanoTime()));
        Certificate certificate = certificate(vertx, config);
        List<Listener> listeners = new ArrayList<>();
        try {
            for (int i = 0; i < loops; i++) {
                Listener listener = new Listener(
                        config,
                        routes,
                        parts,
                        connections,
                        untaken,
                        certificate == null ? null : certificate.options());
                await(vertx.deployVerticle(listener), START);
                listeners.add(listener);
            }
            return new Door(vertx, config, listeners, watch(vertx, config, certificate, listeners.get(0)));
        } catch (ExecutionException | TimeoutException e) {
            throw new DoorClosedException(
                    "cannot listen on " + config.host() + ":" + config.port() + ": "
                            + (e.getCause() == null ? "no answer" : e.getCause().getMessage()),
                    e);
        }
    }

    private static @Nullable Certificate certificate(Vertx vertx, HttpConfig config) {
        if (config.tls().isEmpty()) {
            return null;
        }
        try {
            return Certificate.read(vertx, config.tls().get());
        } catch (UnusableCertificateException e) {
            throw new DoorClosedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable CertificateWatch watch(
            Vertx vertx, HttpConfig config, @Nullable Certificate certificate, Listener first) {
        return certificate == null || config.tls().isEmpty()
                ? null
                : new CertificateWatch(
                        vertx, config.tls().get(), certificate, CertificateWatch.BETWEEN_MILLIS, first::renew);
    }

    /** The port it listens on, also where any free one was asked for. */
    public int port() {
        return port;
    }

    /** Takes no new connections, lets what is in flight end within the drain time, then cuts off. */
    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        List<Future<?>> closing = new ArrayList<>();
        listeners.forEach(listener -> closing.add(vertx.undeploy(listener.deploymentID())));
        try {
            await(Future.join(closing), config.drain().plus(START));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the door does not close", e);
        }
    }

    private static void await(Future<?> future, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        future.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
