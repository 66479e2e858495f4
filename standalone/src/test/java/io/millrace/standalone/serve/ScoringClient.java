package io.millrace.standalone.serve;

import com.google.protobuf.Message;
import io.millrace.grpc.v1.GetPipelineRequest;
import io.millrace.grpc.v1.GetPipelineResponse;
import io.millrace.grpc.v1.GetUserRequest;
import io.millrace.grpc.v1.GetUserResponse;
import io.millrace.grpc.v1.ListModelsRequest;
import io.millrace.grpc.v1.ListModelsResponse;
import io.millrace.grpc.v1.PredictManyRequest;
import io.millrace.grpc.v1.PredictManyResponse;
import io.millrace.grpc.v1.PredictRequest;
import io.millrace.grpc.v1.PredictResponse;
import io.millrace.grpc.v1.UserRef;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks one processor, as its wire contract says. */
final class ScoringClient implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 30;

    private final Vertx vertx = Vertx.vertx();
    private final GrpcClient client = GrpcClient.client(vertx);
    private final int port;

    /** What a call ended with; no message where the status is not OK. */
    record Ended<A>(
            GrpcStatus status,
            @Nullable String detail,
            @Nullable A message) {
        A answer() {
            return Objects.requireNonNull(message, () -> status + ": " + detail);
        }
    }

    ScoringClient(int port) {
        this.port = port;
    }

    static UserRef user(String id) {
        return UserRef.newBuilder()
                .setSource(ScoringStage.SOURCE.name())
                .setUserId(id)
                .build();
    }

    /** Asks again while the answer is UNAVAILABLE, as the door does: a thread that still restores one task says so for all. */
    Ended<PredictResponse> predict(PredictRequest request) {
        return ScoringStage.await("an answer", () -> {
            Ended<PredictResponse> ended = call("Predict", request, PredictResponse.getDefaultInstance(), Map.of());
            return ended.status() == GrpcStatus.UNAVAILABLE ? null : ended;
        });
    }

    Ended<PredictManyResponse> predictMany(PredictRequest... requests) {
        PredictManyRequest many = PredictManyRequest.newBuilder()
                .addAllRequests(List.of(requests))
                .build();
        return call("PredictMany", many, PredictManyResponse.getDefaultInstance(), Map.of());
    }

    Ended<GetUserResponse> getUser(String id, Map<String, String> metadata) {
        GetUserRequest request = GetUserRequest.newBuilder().setUser(user(id)).build();
        return call("GetUser", request, GetUserResponse.getDefaultInstance(), metadata);
    }

    ListModelsResponse listModels() {
        ListModelsRequest request = ListModelsRequest.getDefaultInstance();
        return call("ListModels", request, ListModelsResponse.getDefaultInstance(), Map.of())
                .answer();
    }

    GetPipelineResponse pipeline() {
        GetPipelineRequest request = GetPipelineRequest.getDefaultInstance();
        return call("GetPipeline", request, GetPipelineResponse.getDefaultInstance(), Map.of())
                .answer();
    }

    <Q extends Message, A extends Message> Ended<A> call(
            String method, Q request, A nothing, Map<String, String> metadata) {
        return call(ServiceName.create("millrace.v1.ScoringService"), method, request, nothing, metadata);
    }

    <Q extends Message, A extends Message> Ended<A> call(
            ServiceName service, String method, Q request, A nothing, Map<String, String> metadata) {
        ServiceMethod<A, Q> called = ServiceMethod.client(
                service, method, GrpcMessageEncoder.<Q>encoder(), GrpcMessageDecoder.<A>decoder(nothing));
        try {
            return client.request(SocketAddress.inetSocketAddress(port, "127.0.0.1"), called)
                    .compose(call -> {
                        call.timeout(DEADLINE_SECONDS, TimeUnit.SECONDS);
                        metadata.forEach((name, value) -> call.headers().set(name, value));
                        call.end(request);
                        return call.response();
                    })
                    .compose(response -> response.last().otherwise(nothing).map(message -> {
                        GrpcStatus status = Objects.requireNonNull(response.status());
                        return new Ended<A>(status, response.statusMessage(), status == GrpcStatus.OK ? message : null);
                    }))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            return new Ended<>(GrpcStatus.UNAVAILABLE, e.toString(), null);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
