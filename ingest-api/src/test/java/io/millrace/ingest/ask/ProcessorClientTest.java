package io.millrace.ingest.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.grpc.v1.PredictRequest;
import io.millrace.grpc.v1.PredictResponse;
import io.millrace.identity.Traceparent;
import io.millrace.ingest.ask.Asked.Answered;
import io.millrace.ingest.ask.Asked.Kind;
import io.millrace.ingest.ask.Asked.Refused;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client against gRPC servers that answer as they are told. */
class ProcessorClientTest {
    private static final long PATIENCE_SECONDS = 60;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final ServiceMethod<PredictRequest, PredictResponse> PREDICT = ServiceMethod.server(
            ServiceName.create("millrace.v1.ScoringService"),
            "Predict",
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(PredictRequest.getDefaultInstance()));

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Traceparent trace = Traceparent.begin();

    /** A server, and the traces of the calls it got. */
    private record Server(int port, Queue<String> calls) {}

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void asksTheNextOne_whenOneIsUnavailable() throws Exception {
        Server restoring = server(GrpcStatus.UNAVAILABLE);
        Server well = server(GrpcStatus.OK);
        ProcessorClient client = client(LONG, restoring.port(), well.port());

        for (int i = 0; i < 4; i++) {
            assertThat(predict(client)).isInstanceOf(Answered.class);
        }

        assertThat(restoring.calls()).isNotEmpty().containsOnly(trace.value());
        assertThat(well.calls()).hasSize(4);
        // A processor that says that it is restoring has answered: its circuit stays closed.
        assertThat(state("processor 127.0.0.1:" + restoring.port())).isZero();
    }

    @Test
    void asksOnce_whenTheQuestionIsWrong() throws Exception {
        Server strict = server(GrpcStatus.INVALID_ARGUMENT);

        Asked<PredictResponse> asked = predict(client(LONG, strict.port()));

        assertThat(asked).isEqualTo(new Refused<PredictResponse>(Kind.WRONG, "as told"));
        assertThat(strict.calls()).hasSize(1);
    }

    @Test
    void opensTheCircuit_whenNobodyListens() throws Exception {
        ProcessorClient client = client(LONG, unusedPort());

        for (int i = 0; i < 5; i++) {
            assertThat(predict(client))
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE));
        }

        assertThat(registry.get("millrace.dependency.state").gauges())
                .anySatisfy(gauge -> assertThat(gauge.value()).isEqualTo(2));
    }

    @Test
    void givesUp_whenTheDeadlinePasses() throws Exception {
        Server silent = server(null);

        Asked<PredictResponse> asked = predict(client(Duration.ofMillis(300), silent.port()));

        assertThat(asked)
                .isEqualTo(new Refused<PredictResponse>(Kind.TOO_LATE, "the processor did not answer within 300 ms"));
    }

    @Test
    void saysSo_whenNoProcessorIsKnown() throws Exception {
        assertThat(predict(client(LONG)))
                .isEqualTo(new Refused<PredictResponse>(Kind.UNAVAILABLE, "no processor is known to this door"));
    }

    private double state(String dependency) {
        return registry.get("millrace.dependency.state")
                .tag("dependency", dependency)
                .gauge()
                .value();
    }

    private Asked<PredictResponse> predict(ProcessorClient client) throws Exception {
        return client.predict(PredictRequest.getDefaultInstance(), trace)
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private ProcessorClient client(Duration deadline, int... ports) {
        List<AskConfig.Address> addresses = java.util.Arrays.stream(ports)
                .mapToObj(port -> new AskConfig.Address("127.0.0.1", port))
                .toList();
        return new ProcessorClient(
                vertx,
                new AskConfig(addresses, deadline, 3, Duration.ofMillis(5), 64, LONG, LONG, 1 << 20, LONG),
                registry);
    }

    /** @param status of every answer; null: it never answers */
    private Server server(@org.jspecify.annotations.Nullable GrpcStatus status) throws Exception {
        Queue<String> calls = new ConcurrentLinkedQueue<>();
        GrpcServer grpc = GrpcServer.server(vertx).callHandler(PREDICT, request -> answer(request, status, calls));
        HttpServer http = vertx.createHttpServer()
                .requestHandler(grpc)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return new Server(http.actualPort(), calls);
    }

    private static void answer(
            GrpcServerRequest<PredictRequest, PredictResponse> request,
            @org.jspecify.annotations.Nullable GrpcStatus status,
            Queue<String> calls) {
        calls.add(request.headers().get(Traceparent.HEADER));
        request.handler(question -> {
            if (status == GrpcStatus.OK) {
                request.response().end(PredictResponse.getDefaultInstance());
            } else if (status != null) {
                request.response().status(status).statusMessage("as told").end();
            }
        });
    }

    private static int unusedPort() throws Exception {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
