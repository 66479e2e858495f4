package io.millrace.ingest.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.grpc.v1.Feature;
import io.millrace.grpc.v1.Inputs;
import io.millrace.grpc.v1.PredictManyRequest;
import io.millrace.grpc.v1.PredictManyResponse;
import io.millrace.grpc.v1.PredictOutcome;
import io.millrace.grpc.v1.PredictRefusal;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

    private static final ServiceMethod<PredictManyRequest, PredictManyResponse> PREDICT_MANY = ServiceMethod.server(
            ServiceName.create("millrace.v1.ScoringService"),
            "PredictMany",
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(PredictManyRequest.getDefaultInstance()));
    private static final int REFUSED = 17;

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

    @Test
    void asksTogether_whatWaitsWhileOthersAreUnderWay() throws Exception {
        Server server = manyServer();
        ProcessorClient client = client(LONG, server.port());

        List<Asked<PredictResponse>> asked = predictAtOnce(client, 60);

        for (int i = 0; i < asked.size(); i++) {
            float score = i;
            if (i == REFUSED) {
                assertThat(asked.get(i)).isEqualTo(new Refused<PredictResponse>(Kind.WRONG, "as told"));
            } else {
                assertThat(asked.get(i))
                        .isInstanceOfSatisfying(
                                Answered.class,
                                answered -> assertThat(((PredictResponse) answered.answer()).getScore())
                                        .isEqualTo(score));
            }
        }
        assertThat(server.calls()).hasSizeLessThan(10);
        assertThat(calls("processor 127.0.0.1:" + server.port())).isZero();
    }

    @Test
    void asksEachAlone_whenTheProcessorIsOfAReleaseBefore() throws Exception {
        Server older = server(GrpcStatus.OK);
        ProcessorClient client = client(LONG, older.port());

        assertThat(predictAtOnce(client, 40))
                .allSatisfy(asked -> assertThat(asked).isInstanceOf(Answered.class));
        assertThat(predictAtOnce(client, 2))
                .allSatisfy(asked -> assertThat(asked).isInstanceOf(Answered.class));

        assertThat(older.calls()).hasSize(42);
    }

    @Test
    void givesUpAll_whenTheDeadlinePasses() throws Exception {
        Server silent = server(null);

        List<Asked<PredictResponse>> asked = predictAtOnce(client(Duration.ofMillis(300), silent.port()), 40);

        assertThat(asked).containsOnly(new Refused<>(Kind.TOO_LATE, "the processor did not answer within 300 ms"));
    }

    @Test
    void saysThatItDoesNotAnswer_whenNobodyListensToMany() throws Exception {
        List<Asked<PredictResponse>> asked = predictAtOnce(client(LONG, unusedPort()), 40);

        assertThat(asked)
                .allSatisfy(one -> assertThat(one)
                        .isInstanceOfSatisfying(
                                Refused.class,
                                refused -> assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE)));
    }

    /** Of an event loop, as the door does. */
    private List<Asked<PredictResponse>> predictAtOnce(ProcessorClient client, int count) throws Exception {
        CompletableFuture<List<CompletableFuture<Asked<PredictResponse>>>> asked = new CompletableFuture<>();
        vertx.runOnContext(unused -> asked.complete(IntStream.range(0, count)
                .mapToObj(i -> client.predict(numbered(i), trace).toCompletableFuture())
                .toList()));
        List<Asked<PredictResponse>> answers = new ArrayList<>();
        for (CompletableFuture<Asked<PredictResponse>> one : asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            answers.add(one.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        return answers;
    }

    private static PredictRequest numbered(int number) {
        return PredictRequest.newBuilder()
                .setInputs(Inputs.newBuilder().addFeatures(Feature.newBuilder().addValues(number)))
                .build();
    }

    private double calls(String dependency) {
        return registry.get("millrace.dependency.calls")
                .tag("dependency", dependency)
                .gauge()
                .value();
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

    /** One that says each number again, but refuses one of them. */
    private Server manyServer() throws Exception {
        Queue<String> calls = new ConcurrentLinkedQueue<>();
        return listen(
                GrpcServer.server(vertx)
                        .callHandler(PREDICT, request -> answer(request, GrpcStatus.OK, calls))
                        .callHandler(PREDICT_MANY, request -> {
                            calls.add(request.headers().get(Traceparent.HEADER));
                            request.handler(question -> request.response().end(outcomes(question)));
                        }),
                calls);
    }

    private static PredictManyResponse outcomes(PredictManyRequest many) {
        PredictManyResponse.Builder response = PredictManyResponse.newBuilder();
        for (PredictRequest request : many.getRequestsList()) {
            float number = request.getInputs().getFeatures(0).getValues(0);
            response.addOutcomes(
                    number == REFUSED
                            ? PredictOutcome.newBuilder()
                                    .setRefusal(PredictRefusal.newBuilder()
                                            .setStatus(GrpcStatus.INVALID_ARGUMENT.code)
                                            .setDetail("as told"))
                            : PredictOutcome.newBuilder()
                                    .setResponse(PredictResponse.newBuilder().setScore(number)));
        }
        return response.build();
    }

    /** @param status of every answer; null: it never answers */
    private Server server(@org.jspecify.annotations.Nullable GrpcStatus status) throws Exception {
        Queue<String> calls = new ConcurrentLinkedQueue<>();
        return listen(GrpcServer.server(vertx).callHandler(PREDICT, request -> answer(request, status, calls)), calls);
    }

    private Server listen(GrpcServer grpc, Queue<String> calls) throws Exception {
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
