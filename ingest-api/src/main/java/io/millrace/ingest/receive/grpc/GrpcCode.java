package io.millrace.ingest.receive.grpc;

import io.millrace.ingest.outcome.Problem;

/** Problems as numbers of gRPC's status codes, which protocols over HTTP use too. */
public final class GrpcCode {
    private GrpcCode() {}

    public static int of(Problem problem) {
        return Failure.status(problem).code;
    }
}
