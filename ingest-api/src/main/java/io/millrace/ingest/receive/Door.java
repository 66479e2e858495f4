package io.millrace.ingest.receive;

import io.millrace.ingest.accept.Acceptor;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.authorize.Authenticator;
import io.millrace.ingest.authorize.Operations;
import io.millrace.ingest.observe.Meters;
import io.millrace.ingest.observe.Readiness;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.validate.EventReader;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** The HTTP server: one listener on each event loop, all on one port. Thread-safe. */
public final class Door implements AutoCloseable {
    private static final long START_SECONDS = 30;

    /**
     * What stands behind the door.
     *
     * @param reads the read side's operations by operationId
     */
    public record Parts(
            Authenticator authenticator,
            Admission admission,
            EventReader reader,
            Acceptor acceptor,
            Readiness readiness,
            Meters meters,
            Map<String, Endpoint> reads,
            Clock clock) {
        public Parts {
            reads = Map.copyOf(reads);
        }
    }

    private final Vertx vertx;
    private final HttpConfig config;
    private final String deployment;
    private final int port;

    private Door(Vertx vertx, HttpConfig config, String deployment, int port) {
        this.vertx = vertx;
        this.config = config;
        this.deployment = deployment;
        this.port = port;
    }

    /**
     * Binds the contract's operations and listens. The caller keeps {@code vertx} and closes it after the door.
     *
     * @throws DoorClosedException if the address cannot be bound
     */
    public static Door open(Vertx vertx, HttpConfig config, Parts parts) throws InterruptedException {
        Routes routes = new Routes(Operations.ofContract(), handlers(config, parts));
        AtomicInteger port = new AtomicInteger();
        int loops = config.eventLoops() > 0
                ? config.eventLoops()
                : Runtime.getRuntime().availableProcessors();
        try {
            String deployment = vertx.deployVerticle(
                            () -> new Listener(config, routes, parts, port),
                            new DeploymentOptions().setInstances(loops))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
            return new Door(vertx, config, deployment, port.get());
        } catch (ExecutionException | TimeoutException e) {
            throw new DoorClosedException(
                    "cannot listen on " + config.host() + ":" + config.port() + ": "
                            + (e.getCause() == null ? "no answer" : e.getCause().getMessage()),
                    e);
        }
    }

    private static Map<String, OperationHandler> handlers(HttpConfig config, Parts parts) {
        Map<String, OperationHandler> handlers = new HashMap<>(Pages.all(parts.readiness(), parts.meters()));
        handlers.put(
                "publishEvents",
                new PublishEvents(config, parts.admission(), parts.reader(), parts.acceptor(), parts.clock()));
        parts.reads().forEach((operation, endpoint) -> handlers.put(operation, new ReadHandler(endpoint)));
        return handlers;
    }

    /** The port it listens on, also where any free one was asked for. */
    public int port() {
        return port;
    }

    /** Takes no new connections, lets what is in flight end within the drain time, then cuts off. */
    @Override
    public void close() {
        try {
            vertx.undeploy(deployment)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(config.drain().toMillis() * 2 + 1_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the door does not close", e);
        }
    }
}
