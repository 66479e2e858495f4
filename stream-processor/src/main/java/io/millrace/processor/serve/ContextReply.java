package io.millrace.processor.serve;

import io.vertx.core.Context;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;

/** Hands an outcome to the connection's own thread, which alone writes to it. */
record ContextReply<Q, A>(
        GrpcServerRequest<Q, A> request, Context context, String method, ServeMeters meters, long began)
        implements Reply<A> {
    @Override
    public void give(A answer) {
        meters.call(method, GrpcStatus.OK, System.nanoTime() - began);
        context.runOnContext(unused -> request.response().end(answer));
    }

    @Override
    public void refuse(GrpcStatus status, String detail) {
        meters.call(method, status, System.nanoTime() - began);
        context.runOnContext(unused ->
                request.response().status(status).statusMessage(detail).end());
    }
}
