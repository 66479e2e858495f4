package io.millrace.processor.serve;

import com.google.protobuf.Message;
import io.millrace.identity.Traceparent;
import io.millrace.processor.serve.Methods.Method;
import io.millrace.processor.serve.Users.Lookup;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Sends a call on to the processor that owns the user: one hop, with what is left of the deadline. Thread-safe. */
final class Peers {
    /** The metadata of a call that was sent on. */
    static final String FORWARDED = "millrace-forwarded";

    private static final int CONNECT_MILLIS = 1_000;

    private final GrpcClient client;
    private final ServeMeters meters;

    Peers(Vertx vertx, ServeMeters meters) {
        this.client = GrpcClient.builder(vertx)
                .with(new GrpcClientOptions()
                        .setMaxMessageSize(ScoringServer.MOST_MESSAGE_BYTES)
                        .setScheduleDeadlineAutomatically(true))
                .with(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS))
                .build();
        this.meters = meters;
    }

    <Q extends Message, A extends Message> void ask(
            Lookup.Elsewhere owner, Method<Q, A> method, Q question, Call call, Reply<A> reply) {
        meters.forwarded();
        Duration left = call.left();
        client.request(SocketAddress.inetSocketAddress(owner.port(), owner.host()), method.asked())
                .compose(request -> {
                    request.timeout(left.toMillis(), TimeUnit.MILLISECONDS);
                    request.headers().set(FORWARDED, "1");
                    if (call.trace() != null) {
                        request.headers().set(Traceparent.HEADER, call.trace().value());
                    }
                    request.end(question);
                    return request.response();
                })
                .compose(answer -> answer.last().otherwise(method.nothing()).onSuccess(body -> {
                    // An answer without a message ends with its status alone.
                    settle(answer, body, reply);
                }))
                .onFailure(failure -> {
                    if (call.isLate()) {
                        reply.refuse(GrpcStatus.DEADLINE_EXCEEDED, "the processor did not answer in time");
                    } else {
                        reply.refuse(
                                GrpcStatus.UNAVAILABLE,
                                "processor " + owner.host() + ":" + owner.port() + " does not answer");
                    }
                });
    }

    private static <Q, A> void settle(GrpcClientResponse<Q, A> answer, A body, Reply<A> reply) {
        GrpcStatus status = Objects.requireNonNullElse(answer.status(), GrpcStatus.UNKNOWN);
        if (status == GrpcStatus.OK) {
            reply.give(body);
        } else {
            reply.refuse(status, Objects.requireNonNullElse(answer.statusMessage(), "the processor refused"));
        }
    }

    void close() {
        client.close();
    }
}
