package io.millrace.ingest.ask;

import com.google.protobuf.ByteString;
import io.millrace.grpc.v1.RegisterRequest;
import io.millrace.grpc.v1.RegisterResponse;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Endpoint.Status;
import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientRequest;

/** An artifact on its way to the processor. Belongs to one event loop. */
public final class ModelUpload {
    private final GrpcClientRequest<RegisterRequest, RegisterResponse> request;
    private boolean ended;

    ModelUpload(GrpcClientRequest<RegisterRequest, RegisterResponse> request) {
        this.request = request;
    }

    /** What came of it; may come before everything is sent, where the processor has seen enough. */
    public Future<Reply> reply() {
        return request.response()
                .compose(response -> response.last()
                        .otherwise(RegisterResponse.getDefaultInstance())
                        .map(answer -> ProcessorClient.asked(response.status(), response.statusMessage(), answer)))
                .otherwise(failure -> new Asked.Refused<>(
                        Asked.Kind.UNAVAILABLE, "the processor ended the upload without an answer; send it again"))
                .map(ModelUpload::reply);
    }

    private static Reply reply(Asked<RegisterResponse> asked) {
        if (asked instanceof Asked.Answered<RegisterResponse> answered) {
            RegisterResponse answer = answered.answer();
            return new Reply.Found(
                    answer.getStored() ? Status.CREATED : Status.OK,
                    ModelJson.TYPE,
                    ModelJson.bytes(ModelJson.version(answer.getVersion())));
        }
        return new Reply.Failed(Asked.problem((Asked.Refused<RegisterResponse>) asked));
    }

    /** The next bytes; the caller waits while {@link #isFull}. */
    public void write(byte[] bytes) {
        if (!ended) {
            request.write(RegisterRequest.newBuilder()
                    .setChunk(ByteString.copyFrom(bytes))
                    .build());
        }
    }

    public boolean isFull() {
        return request.writeQueueFull();
    }

    /** Calls once there is room again. */
    public void onRoom(Runnable room) {
        request.drainHandler(unused -> room.run());
    }

    /** That was all. */
    public void end() {
        if (!ended) {
            ended = true;
            request.end();
        }
    }

    /** The rest will not come. */
    public void cancel() {
        if (!ended) {
            ended = true;
            request.cancel();
        }
    }
}
