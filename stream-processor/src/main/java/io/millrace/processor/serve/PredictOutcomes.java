package io.millrace.processor.serve;

import io.millrace.grpc.v1.PredictManyResponse;
import io.millrace.grpc.v1.PredictOutcome;
import io.millrace.grpc.v1.PredictRefusal;
import io.millrace.grpc.v1.PredictResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Collects what becomes of requests that came together, each counted as a call of its own, and answers when all is known. Thread-safe. */
final class PredictOutcomes {
    private final PredictOutcome[] outcomes;
    private final AtomicInteger missing;
    private final ServeMeters meters;
    private final Reply<PredictManyResponse> whole;
    private final long began = System.nanoTime();

    PredictOutcomes(int count, ServeMeters meters, Reply<PredictManyResponse> whole) {
        this.outcomes = new PredictOutcome[count];
        this.missing = new AtomicInteger(count);
        this.meters = meters;
        this.whole = whole;
    }

    /** Where the outcome of one goes. */
    Reply<PredictResponse> at(int place) {
        return new Reply<>() {
            @Override
            public void give(PredictResponse answer) {
                add(
                        place,
                        GrpcStatus.OK,
                        PredictOutcome.newBuilder().setResponse(answer).build());
            }

            @Override
            public void refuse(GrpcStatus status, String detail) {
                PredictRefusal refusal = PredictRefusal.newBuilder()
                        .setStatus(status.code)
                        .setDetail(detail)
                        .build();
                add(
                        place,
                        status,
                        PredictOutcome.newBuilder().setRefusal(refusal).build());
            }
        };
    }

    private void add(int place, GrpcStatus status, PredictOutcome outcome) {
        meters.call(Methods.PREDICT.name(), status, System.nanoTime() - began);
        outcomes[place] = outcome;
        // What the others wrote is seen by whoever takes the last away.
        if (missing.decrementAndGet() == 0) {
            whole.give(PredictManyResponse.newBuilder()
                    .addAllOutcomes(Arrays.asList(outcomes))
                    .build());
        }
    }
}
