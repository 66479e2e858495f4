package io.millrace.processor.serve;

import io.vertx.grpc.common.GrpcStatus;

/** Where a call's outcome goes: one of the two, once, from any thread. */
interface Reply<T> {
    void give(T answer);

    /** @param detail one sentence for the caller */
    void refuse(GrpcStatus status, String detail);
}
