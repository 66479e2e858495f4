package io.millrace.ingest.receive.grpc;

import io.millrace.grpc.v1.Events;
import io.millrace.ingest.authorize.Authenticator;
import io.millrace.ingest.authorize.Authorizer;
import io.millrace.ingest.authorize.Operation;
import io.millrace.ingest.authorize.Permission;
import io.millrace.ingest.authorize.Principal;
import io.millrace.ingest.observe.Observer;
import io.millrace.ingest.observe.Readiness;
import io.millrace.ingest.outcome.Problem;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.health.v1.HealthProto;
import io.vertx.grpc.reflection.ReflectionService;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.Service;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * millrace.v1.EventService for the connections of one event loop, with gRPC's services for health and reflection. The
 * calls that post events read their own frames, so that no byte of them is held without room (docs/decisions/0013).
 */
public final class EventService {
    private static final ServiceName NAME = ServiceName.create("millrace.v1.EventService");
    private static final String PUBLISH = "/millrace.v1.EventService/Publish";
    private static final String PUBLISH_STREAM = "/millrace.v1.EventService/PublishStream";
    private static final String GRPC = "application/grpc";

    private static final ServiceName HEALTH = ServiceName.create("grpc.health.v1.Health");

    /** Of a question about reflection. */
    private static final int SMALL = 16 * 1024;

    private final Vertx vertx;
    private final Authenticator authenticator;
    private final Observer observer;
    private final Desk desk;
    private final GrpcServer others;
    private final HealthCalls health;
    private final Set<PublishStreamCall> streams = Collections.newSetFromMap(new IdentityHashMap<>());

    public EventService(Vertx vertx, Authenticator authenticator, Readiness readiness, Observer observer, Desk desk) {
        this.vertx = vertx;
        this.authenticator = authenticator;
        this.observer = observer;
        this.desk = desk;
        this.health = new HealthCalls(vertx, readiness, Set.of(NAME.fullyQualifiedName()), desk.bodyDeadline());
        this.others = GrpcServer.server(vertx, new GrpcServerOptions().setMaxMessageSize(SMALL))
                .addService(Service.service(NAME, Events.getDescriptor().findServiceByName("EventService"))
                        .build())
                .addService(Service.service(HEALTH, HealthProto.getDescriptor().findServiceByName("Health"))
                        .build())
                .addService(ReflectionService.v1());
    }

    /** Whether it is a gRPC call; all that costs a request which is none. */
    public static boolean isCall(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return false;
        }
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.startsWith(GRPC);
    }

    /** Serves a call, in the event in which it came. */
    public void handle(HttpServerRequest request) {
        String path = Objects.requireNonNullElse(request.path(), "");
        if (PUBLISH.equals(path)) {
            admit(request, "Publish");
        } else if (PUBLISH_STREAM.equals(path)) {
            admit(request, "PublishStream");
        } else if (HealthCalls.METHODS.containsKey(path)) {
            String method = Objects.requireNonNull(HealthCalls.METHODS.get(path));
            Call call = new Call(request, vertx, observer, method, Principal.NOBODY);
            call.guarded(() -> health.serve(call, method));
        } else {
            others.handle(request);
        }
    }

    /** The door closes: streams end once what they sent is acknowledged. */
    public void drain() {
        List.copyOf(streams).forEach(PublishStreamCall::drain);
        health.drain();
    }

    /** gRPC's answer to a message that nobody unpacks. */
    static void compressed(Call call) {
        call.response().putHeader("grpc-accept-encoding", "identity");
        call.fail(GrpcStatus.UNIMPLEMENTED, "unsupported_media_type", "grpc-encoding: expected identity");
    }

    private void admit(HttpServerRequest request, String method) {
        Authenticator.Verdict verdict =
                authenticator.authenticate(request.headers().getAll(HttpHeaders.AUTHORIZATION));
        if (verdict instanceof Authenticator.Verdict.Pending pending) {
            // The messages wait in the socket, and whoever leaves meanwhile has made no call.
            boolean[] gone = new boolean[1];
            request.pause();
            request.exceptionHandler(left -> gone[0] = true);
            Context context = vertx.getOrCreateContext();
            pending.verdict()
                    .whenComplete((found, never) -> context.runOnContext(ignored -> {
                        if (!gone[0]) {
                            admit(request, method, found);
                            request.resume();
                        }
                    }));
        } else {
            admit(request, method, verdict);
        }
    }

    private void admit(HttpServerRequest request, String method, Authenticator.Verdict verdict) {
        Principal principal =
                verdict instanceof Authenticator.Verdict.Known known ? known.principal() : Principal.NOBODY;
        Call call = new Call(request, vertx, observer, method, principal);
        Operation operation = new Operation(
                method, "POST", "/" + NAME.fullyQualifiedName() + "/" + method, Permission.EVENTS_WRITE, true);
        Optional<Problem> problem = verdict instanceof Authenticator.Verdict.Unknown unknown
                ? Optional.of(unknown.problem())
                : Authorizer.check(principal, operation);
        if (problem.isPresent()) {
            call.fail(problem.get());
        } else if (method.equals("Publish")) {
            call.guarded(() -> PublishCall.serve(call, desk, vertx));
        } else {
            call.guarded(() -> stream(call));
        }
    }

    private void stream(Call call) {
        PublishStreamCall[] self = new PublishStreamCall[1];
        self[0] = PublishStreamCall.serve(call, desk, vertx, () -> streams.remove(self[0]));
        if (!call.isOver()) {
            streams.add(self[0]);
        }
    }
}
