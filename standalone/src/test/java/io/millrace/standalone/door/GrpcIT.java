package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.millrace.codec.RecordHeaders;
import io.millrace.grpc.v1.EventOutcome;
import io.millrace.grpc.v1.PostedEvent;
import io.millrace.grpc.v1.PublishRequest;
import io.millrace.grpc.v1.PublishStreamRequest;
import io.millrace.grpc.v1.PublishStreamResponse;
import io.millrace.ingest.authorize.Role;
import io.millrace.topic.Topic;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a producer with grpc-java sees, and what is on the topics after. */
class GrpcIT {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static DoorStage stage;
    private static GrpcClient client;

    @BeforeAll
    static void open(@TempDir Path folder) {
        stage = new DoorStage(folder, Map.of());
        client = new GrpcClient(stage.ingest.port());
    }

    @AfterAll
    static void close() {
        client.close();
        stage.close();
    }

    @Test
    void publish_hasEventsOnTheTopic_andNamesTheRefused() {
        List<EventOutcome> outcomes = publish(
                client.with("authorization", DoorStage.BASIC, "traceparent", TRACE),
                event("grpc-0").setPropertiesJson("{\"price\":\n1.50}").build(),
                PostedEvent.newBuilder().setId("grpc-1").setUserId("u").build(),
                event("").build(),
                event("grpc-3").setPropertiesJson("{}},{\"userId\":\"forged\"").build());

        assertThat(outcomes).hasSize(4);
        assertThat(outcomes.get(0).getId()).isEqualTo("grpc-0");
        assertThat(outcomes.get(0).hasRefusal()).isFalse();
        assertThat(outcomes.get(1).getRefusal().getCode()).isEqualTo("missing_field");
        assertThat(outcomes.get(2).getId()).isNotEmpty();
        assertThat(outcomes.get(3).getRefusal().getCode()).isEqualTo("wrong_type");
        ConsumerRecord<byte[], byte[]> found = onTopic("grpc-0");
        assertThat(text(found)).contains("\"price\": 1.50");
        assertThat(RecordHeaders.traceparent(found.headers()))
                .hasValueSatisfying(trace -> assertThat(trace.value()).startsWith(TRACE.substring(0, 35)));
        assertThat(onTopic(outcomes.get(2).getId()).value()).isNotEmpty();
    }

    @Test
    void callsThatAreWrong_failByStatus() {
        PublishRequest one = request(event("never").build());

        assertFailure(client.with(), one, Status.Code.UNAUTHENTICATED, "unauthenticated");
        assertFailure(
                client.with("authorization", "Bearer nobody"), one, Status.Code.UNAUTHENTICATED, "unauthenticated");
        assertFailure(
                client.with("authorization", stage.bearer(Role.ANALYST)),
                one,
                Status.Code.PERMISSION_DENIED,
                "forbidden");
        assertFailure(producer(), request(), Status.Code.INVALID_ARGUMENT, "bad_request");
        PostedEvent[] many =
                IntStream.range(0, 2_501).mapToObj(i -> event("never").build()).toArray(PostedEvent[]::new);
        assertFailure(producer(), request(many), Status.Code.RESOURCE_EXHAUSTED, "batch_too_large");
        PostedEvent large = event("never")
                .setPropertiesJson("[" + "1,".repeat(600_000) + "1]")
                .build();
        assertFailure(producer(), request(large), Status.Code.RESOURCE_EXHAUSTED, "body_too_large");
        StatusRuntimeException unknown = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        producer(),
                        GrpcClient.method(
                                MethodType.UNARY,
                                "millrace.v1.EventService/Nothing",
                                PublishRequest.parser(),
                                PublishRequest.parser()),
                        CallOptions.DEFAULT,
                        one));
        assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(stage.records(Topic.USER_EVENTS))
                .noneMatch(found -> text(found).contains("\"never\""));
    }

    @Test
    void stream_acknowledgesEachEventInOrder() {
        Acks acks = new Acks(producer(), Integer.MAX_VALUE);
        for (int i = 0; i < 3_000; i++) {
            acks.send(i == 1_234 ? PostedEvent.newBuilder().setUserId("u") : event("stream-" + i));
        }
        acks.call.halfClose();

        DoorStage.until(() -> acks.status.get() != null);
        assertThat(acks.status.get().getCode()).isEqualTo(Status.Code.OK);
        List<PublishStreamResponse> given = List.copyOf(acks.given);
        assertThat(given).hasSize(3_000);
        assertThat(IntStream.range(0, 3_000)).allMatch(i -> given.get(i).getIndex() == i);
        assertThat(given.get(1_234).getOutcome().getRefusal().getCode()).isEqualTo("missing_field");
        assertThat(given.get(2_999).getOutcome().getId()).isEqualTo("stream-2999");
        assertThat(stage.records(Topic.USER_EVENTS).stream()
                        .filter(found -> text(found).contains("\"stream-")))
                .hasSize(2_999);
    }

    @Test
    void clientThatReadsNoAcks_isHeldBack_andGoesOnWhenItReads() {
        Acks acks = new Acks(producer(), 0);
        int sent = 0;
        String padding = "{\"text\":\"" + "x".repeat(1_000) + "\"}";
        // Far more than the windows of both sides hold together, if nobody stopped it.
        int quiet = 0;
        while (quiet < 100) {
            if (acks.call.isReady()) {
                acks.send(event("held-" + sent++).setPropertiesJson(padding));
                quiet = 0;
            } else {
                // Nothing is in flight, and yet it may not send.
                quiet = stage.metric("millrace_ingest_inflight_") == 0 ? quiet + 1 : 0;
            }
            assertThat(sent).isLessThan(200_000);
        }

        acks.call.request(Integer.MAX_VALUE);
        acks.call.halfClose();

        DoorStage.until(() -> acks.status.get() != null);
        assertThat(acks.status.get().getCode()).isEqualTo(Status.Code.OK);
        assertThat(acks.given).hasSize(sent);
        DoorStage.until(() -> stage.metric("millrace_ingest_inflight_") == 0);
    }

    @Test
    void health_isServing() {
        HealthCheckResponse health = ClientCalls.blockingUnaryCall(
                client.with(),
                GrpcClient.method(
                        MethodType.UNARY,
                        "grpc.health.v1.Health/Check",
                        HealthCheckRequest.parser(),
                        HealthCheckResponse.parser()),
                CallOptions.DEFAULT,
                HealthCheckRequest.newBuilder()
                        .setService("millrace.v1.EventService")
                        .build());

        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }

    @Test
    void brokerAway_isUnavailable_orTheDeadline() {
        stage.stopBroker();
        try {
            PublishRequest one = request(event("away").build());
            StatusRuntimeException late = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> ClientCalls.blockingUnaryCall(
                            producer(),
                            GrpcClient.PUBLISH,
                            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.MILLISECONDS),
                            one));
            assertThat(late.getStatus().getCode()).isIn(Status.Code.DEADLINE_EXCEEDED, Status.Code.UNAVAILABLE);
            Metadata trailers = assertFailure(producer(), one, Status.Code.UNAVAILABLE, "unavailable");
            assertThat(trailers.get(key("retry-after"))).matches("[1-9][0-9]*");
            assertThat(trailers.get(key("grpc-retry-pushback-ms"))).matches("[1-9][0-9]*");
        } finally {
            stage.startBroker();
            DoorStage.until(() -> stage.get("/readyz", null).statusCode() == 200);
        }
    }

    private static Channel producer() {
        return client.with("authorization", DoorStage.BASIC);
    }

    private static PostedEvent.Builder event(String id) {
        return PostedEvent.newBuilder().setId(id).setUserId("u1").setName("product_viewed");
    }

    private static PublishRequest request(PostedEvent... events) {
        return PublishRequest.newBuilder().addAllEvents(List.of(events)).build();
    }

    /** As a client that retries what is worth it: a slow broker is no failure of this test. */
    private static List<EventOutcome> publish(Channel channel, PostedEvent... events) {
        AtomicReference<List<EventOutcome>> outcomes = new AtomicReference<>();
        DoorStage.until(() -> {
            try {
                outcomes.set(
                        ClientCalls.blockingUnaryCall(channel, GrpcClient.PUBLISH, CallOptions.DEFAULT, request(events))
                                .getOutcomesList());
                return true;
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                return false;
            }
        });
        return outcomes.get();
    }

    private static Metadata assertFailure(Channel channel, PublishRequest request, Status.Code status, String code) {
        StatusRuntimeException failure = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(channel, GrpcClient.PUBLISH, CallOptions.DEFAULT, request));
        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(status);
        assertThat(failure.getStatus().getDescription()).isNotEmpty();
        Metadata trailers = failure.getTrailers();
        assertThat(trailers).isNotNull();
        assertThat(trailers.get(key("millrace-code"))).isEqualTo(code);
        return trailers;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static ConsumerRecord<byte[], byte[]> onTopic(String id) {
        return stage.records(Topic.USER_EVENTS).stream()
                .filter(found -> text(found).contains("\"" + id + "\""))
                .findFirst()
                .orElseThrow();
    }

    private static String text(ConsumerRecord<byte[], byte[]> found) {
        return new String(found.value(), StandardCharsets.UTF_8);
    }

    /** One call of PublishStream, and what came back. */
    private static final class Acks extends ClientCall.Listener<PublishStreamResponse> {
        private final ClientCall<PublishStreamRequest, PublishStreamResponse> call;
        private final ConcurrentLinkedQueue<PublishStreamResponse> given = new ConcurrentLinkedQueue<>();
        private final AtomicReference<Status> status = new AtomicReference<>();

        private Acks(Channel channel, int wanted) {
            call = GrpcClient.call(channel, GrpcClient.PUBLISH_STREAM);
            call.start(this, new Metadata());
            if (wanted > 0) {
                call.request(wanted);
            }
        }

        private void send(PostedEvent.Builder event) {
            call.sendMessage(PublishStreamRequest.newBuilder().setEvent(event).build());
        }

        @Override
        public void onMessage(PublishStreamResponse ack) {
            given.add(ack);
        }

        @Override
        public void onClose(Status closed, Metadata trailers) {
            status.set(closed);
        }
    }
}
