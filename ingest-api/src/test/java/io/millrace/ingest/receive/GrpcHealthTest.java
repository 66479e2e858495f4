package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.client.InvalidStatusException;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.health.v1.HealthListRequest;
import io.vertx.grpc.health.v1.HealthListResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a door with no broker behind it tells those who ask by gRPC whether it serves. */
class GrpcHealthTest {
    private static final String EVENTS = "millrace.v1.EventService";

    private static OpenDoor door;
    private static Vertx vertx;
    private static GrpcClient client;

    @BeforeAll
    static void open() {
        door = new OpenDoor(Map.of());
        vertx = Vertx.vertx();
        client = GrpcClient.client(vertx);
    }

    @AfterAll
    static void close() throws Exception {
        await(vertx.close());
        door.close();
    }

    @Test
    void servesNothing_whenTheBrokerIsAway() throws Exception {
        for (String service : new String[] {"", EVENTS}) {
            assertThat(await(ask("Check", of(service), HealthCheckResponse.getDefaultInstance()))
                            .getStatus())
                    .as(service)
                    .isEqualTo(ServingStatus.NOT_SERVING);
        }
        HealthListResponse all =
                await(ask("List", HealthListRequest.getDefaultInstance(), HealthListResponse.getDefaultInstance()));
        assertThat(all.getStatusesMap()).containsOnlyKeys("", EVENTS);
    }

    @Test
    void knowsNoOtherService() {
        assertThatThrownBy(() -> await(ask("Check", of("x"), HealthCheckResponse.getDefaultInstance())))
                .hasCauseInstanceOf(InvalidStatusException.class)
                .hasMessageContaining("actual:NOT_FOUND");
    }

    @Test
    void tellsWhoWatches_whenTheDoorIsOpen() throws Exception {
        Promise<HealthCheckResponse> first = Promise.promise();
        vertx.runOnContext(
                ignored -> client.request(address(), method("Watch", HealthCheckResponse.getDefaultInstance()))
                        .compose(call -> call.send(of("")))
                        .onFailure(first::tryFail)
                        .onSuccess(answer -> answer.handler(first::tryComplete)));

        assertThat(await(first.future()).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    }

    private static HealthCheckRequest of(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }

    private static <A extends Message> Future<A> ask(String method, Message question, A answer) {
        return client.request(address(), method(method, answer))
                .compose(call -> call.send(question))
                .compose(GrpcClientResponse::last);
    }

    private static <A extends Message> ServiceMethod<A, Message> method(String name, A answer) {
        return ServiceMethod.client(
                ServiceName.create("grpc.health.v1.Health"),
                name,
                GrpcMessageEncoder.encoder(),
                GrpcMessageDecoder.decoder(answer));
    }

    private static SocketAddress address() {
        return SocketAddress.inetSocketAddress(door.ingest.port(), "127.0.0.1");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
