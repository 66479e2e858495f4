package io.millrace.ingest.receive.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.ingest.observe.Health;
import io.millrace.ingest.observe.Readiness;
import io.millrace.ingest.outcome.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.health.v1.HealthListResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * grpc.health.v1.Health: the server and EventService serve where /readyz says so. Vert.x has one too, whose server serves
 * whatever befalls it, and which keeps whoever watched and left, with what it asked for. Belongs to its event loop.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/health-checking.md">the protocol</a>
 */
final class HealthCalls {
    private static final String LIST = "List";
    private static final String WATCH = "Watch";

    /** By path. */
    static final Map<String, String> METHODS = Map.of(
            "/grpc.health.v1.Health/Check", "Check",
            "/grpc.health.v1.Health/List", LIST,
            "/grpc.health.v1.Health/Watch", WATCH);

    /** Of a question: a service's name. */
    private static final int SMALL = 1024;
    /** Watchers on one event loop; they have no credential. */
    private static final int MOST = 1_000;

    private static final long LOOK_MILLIS = 1_000;

    private final Readiness readiness;
    private final Set<String> services;
    private final Duration patience;
    private final Vertx vertx;
    private final Map<Call, Watcher> watchers = new HashMap<>();

    /** One that is told when what it asked about changes. */
    private static final class Watcher {
        private final String service;
        private ServingStatus told;

        Watcher(String service, ServingStatus told) {
            this.service = service;
            this.told = told;
        }
    }

    /**
     * Begins to look.
     *
     * @param services that serve where the door is ready
     * @param patience with a question that does not come whole
     */
    HealthCalls(Vertx vertx, Readiness readiness, Set<String> services, Duration patience) {
        this.vertx = vertx;
        this.readiness = readiness;
        this.services = Set.copyOf(services);
        this.patience = patience;
        vertx.setPeriodic(LOOK_MILLIS, timer -> look());
    }

    void serve(Call call, String method) {
        Frames.@Nullable Message[] message = new Frames.Message[1];
        Frames frames = new Frames(SMALL, more -> true);
        long late = vertx.setTimer(patience.toMillis(), fired -> call.fail(new Problem.BodyTooSlow(patience)));
        call.request().handler(chunk -> call.guarded(() -> take(call, frames, chunk, message)));
        call.request().endHandler(end -> {
            vertx.cancelTimer(late);
            call.requestEnded();
            call.guarded(() -> answer(call, method, message[0]));
        });
        call.open(() -> {
            vertx.cancelTimer(late);
            watchers.remove(call);
        });
    }

    private static void take(Call call, Frames frames, Buffer chunk, Frames.@Nullable Message[] message) {
        if (call.isOver()) {
            return;
        }
        switch (frames.feed(chunk, whole -> message[0] = whole)) {
            case FINE -> {}
            case TOO_LARGE, NO_ROOM -> call.fail(new Problem.BodyTooLarge(SMALL));
            case MALFORMED -> call.fail(new Problem.BadRequest("the call: expected gRPC's length-prefixed messages"));
        }
    }

    private void answer(Call call, String method, Frames.@Nullable Message message) {
        if (call.isOver()) {
            return;
        }
        if (message == null) {
            call.fail(new Problem.BadRequest("the call: expected one message"));
            return;
        }
        if (message.compressed()) {
            EventService.compressed(call);
            return;
        }
        try {
            if (method.equals(LIST)) {
                list(call);
                return;
            }
            String service = HealthCheckRequest.parseFrom(message.bytes()).getService();
            ServingStatus status = status(service);
            if (method.equals(WATCH)) {
                watch(call, service, status);
            } else if (status == ServingStatus.SERVICE_UNKNOWN) {
                call.fail(GrpcStatus.NOT_FOUND, "not_found", "service: expected one of " + services);
            } else {
                tell(call, status);
                call.complete("ok");
            }
        } catch (InvalidProtocolBufferException e) {
            call.fail(new Problem.BadRequest("the message: expected a grpc.health.v1.HealthCheckRequest"));
        }
    }

    private void list(Call call) {
        HealthListResponse.Builder all = HealthListResponse.newBuilder().putStatuses("", response(status("")));
        services.forEach(service -> all.putStatuses(service, response(status(service))));
        call.send(List.of(all.build()));
        call.complete("ok");
    }

    private void watch(Call call, String service, ServingStatus status) {
        if (watchers.size() >= MOST) {
            call.fail(new Problem.Overloaded("more than " + MOST + " watch already", Duration.ofSeconds(5)));
            return;
        }
        watchers.put(call, new Watcher(service, status));
        tell(call, status);
    }

    private void look() {
        Map.copyOf(watchers).forEach((call, watcher) -> {
            ServingStatus now = status(watcher.service);
            // Whoever does not read is told the last word when it does.
            if (now != watcher.told && !call.response().writeQueueFull()) {
                watcher.told = now;
                tell(call, now);
            }
        });
    }

    /** The door closes: others are to be asked. */
    void drain() {
        Problem closing = new Problem.Unavailable("the door closes", Duration.ofSeconds(1));
        List.copyOf(watchers.keySet()).forEach(call -> call.fail(closing));
    }

    private static void tell(Call call, ServingStatus status) {
        call.send(List.of(response(status)));
    }

    private static HealthCheckResponse response(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }

    private ServingStatus status(String service) {
        if (!service.isEmpty() && !services.contains(service)) {
            return ServingStatus.SERVICE_UNKNOWN;
        }
        return readiness.check().values().stream().allMatch(Health.READY::equals)
                ? ServingStatus.SERVING
                : ServingStatus.NOT_SERVING;
    }
}
