package io.millrace.ingest.ask;

import com.google.protobuf.Message;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.grpc.v1.ExplainRequest;
import io.millrace.grpc.v1.ExplainResponse;
import io.millrace.grpc.v1.GetPipelineRequest;
import io.millrace.grpc.v1.GetPipelineResponse;
import io.millrace.grpc.v1.GetUserRequest;
import io.millrace.grpc.v1.GetUserResponse;
import io.millrace.grpc.v1.PredictManyRequest;
import io.millrace.grpc.v1.PredictManyResponse;
import io.millrace.grpc.v1.PredictRequest;
import io.millrace.grpc.v1.PredictResponse;
import io.millrace.identity.Traceparent;
import io.millrace.ingest.ask.Asked.Answered;
import io.millrace.ingest.ask.Asked.Kind;
import io.millrace.ingest.ask.Asked.Refused;
import io.millrace.ingest.observe.Dependency;
import io.millrace.ingest.observe.Dependency.Entry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asks the processors by gRPC: in turn, past those that do not answer, and again of the next one where the answer is
 * that it is unavailable. Every question here only reads, so all may be asked again. Thread-safe; it never blocks.
 */
public final class ProcessorClient implements AutoCloseable {
    private static final ServiceName SERVICE = ServiceName.create("millrace.v1.ScoringService");
    private static final ServiceMethod<PredictResponse, PredictRequest> PREDICT =
            method(SERVICE, "Predict", PredictResponse.getDefaultInstance());
    private static final ServiceMethod<PredictManyResponse, PredictManyRequest> PREDICT_MANY =
            method(SERVICE, "PredictMany", PredictManyResponse.getDefaultInstance());
    private static final ServiceMethod<GetUserResponse, GetUserRequest> GET_USER =
            method(SERVICE, "GetUser", GetUserResponse.getDefaultInstance());
    private static final ServiceMethod<ExplainResponse, ExplainRequest> EXPLAIN =
            method(SERVICE, "Explain", ExplainResponse.getDefaultInstance());
    private static final ServiceMethod<GetPipelineResponse, GetPipelineRequest> GET_PIPELINE =
            method(SERVICE, "GetPipeline", GetPipelineResponse.getDefaultInstance());
    private static final int CONNECT_MILLIS = 500;
    private static final int MOST_MESSAGE_BYTES = 8 << 20;

    /** @param together of the event loop that asks */
    private record Processor(SocketAddress address, Dependency dependency, ThreadLocal<PredictsTogether> together) {}

    /** One attempt. */
    private interface Way<A> {
        /**
         * Makes it.
         *
         * @param number of the attempt, from 1
         * @param left in milliseconds
         */
        Future<Asked<A>> go(Processor processor, int number, long left);
    }

    /** A question on its way, over its attempts. */
    private record Question<A>(
            Way<A> way, Duration allowed, int attempts, long deadline, CompletableFuture<Asked<A>> asked) {
        long left() {
            return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    private final Vertx vertx;
    private final AskConfig config;
    private final GrpcClient client;
    private final List<Processor> processors;
    private final AtomicInteger turn = new AtomicInteger();

    /** Opens no connection yet: the processor may come later than we do. */
    public ProcessorClient(Vertx vertx, AskConfig config, MeterRegistry registry) {
        this.vertx = vertx;
        this.config = config;
        this.client = GrpcClient.builder(vertx)
                .with(new GrpcClientOptions()
                        .setMaxMessageSize(MOST_MESSAGE_BYTES)
                        .setScheduleDeadlineAutomatically(true))
                .with(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true))
                .build();
        this.processors = config.processors().stream()
                .map(address -> processor(
                        SocketAddress.inetSocketAddress(address.port(), address.host()),
                        new Dependency("processor " + address, config.inFlight(), config.open(), registry)))
                .toList();
    }

    private Processor processor(SocketAddress address, Dependency dependency) {
        return new Processor(
                address,
                dependency,
                ThreadLocal.withInitial(() -> new PredictsTogether(
                        (message, trace, left) ->
                                call(address, PREDICT, message, PredictResponse.getDefaultInstance(), trace, left),
                        (message, trace, left) -> call(
                                address,
                                PREDICT_MANY,
                                message,
                                PredictManyResponse.getDefaultInstance(),
                                trace,
                                left))));
    }

    static <Q extends Message, A extends Message> ServiceMethod<A, Q> method(
            ServiceName service, String name, A answer) {
        return ServiceMethod.client(service, name, GrpcMessageEncoder.encoder(), GrpcMessageDecoder.decoder(answer));
    }

    /** Scores now. */
    public CompletionStage<Asked<PredictResponse>> predict(PredictRequest request, Traceparent trace) {
        if (!request.hasInputs()) {
            // A user's state is read, perhaps by another processor: nobody else shall wait for it.
            return ask(PREDICT, request, PredictResponse.getDefaultInstance(), trace);
        }
        long deadline = System.nanoTime() + config.deadline().toNanos();
        return ask(
                (processor, number, left) -> number == 1
                        ? processor.together().get().ask(request, trace, deadline)
                        : call(
                                processor.address(),
                                PREDICT,
                                request,
                                PredictResponse.getDefaultInstance(),
                                trace,
                                left),
                config.deadline(),
                config.attempts());
    }

    /** What is known of a user. */
    public CompletionStage<Asked<GetUserResponse>> user(GetUserRequest request, Traceparent trace) {
        return ask(GET_USER, request, GetUserResponse.getDefaultInstance(), trace);
    }

    /** What each input contributed to a score. */
    public CompletionStage<Asked<ExplainResponse>> explain(ExplainRequest request, Traceparent trace) {
        return ask(EXPLAIN, request, ExplainResponse.getDefaultInstance(), trace);
    }

    /** How each instance of the processor is. */
    public CompletionStage<Asked<GetPipelineResponse>> pipeline(Traceparent trace) {
        return ask(
                GET_PIPELINE, GetPipelineRequest.getDefaultInstance(), GetPipelineResponse.getDefaultInstance(), trace);
    }

    private <Q, A> CompletionStage<Asked<A>> ask(ServiceMethod<A, Q> method, Q message, A nothing, Traceparent trace) {
        return ask(method, message, nothing, trace, config.deadline(), config.attempts());
    }

    /** @param attempts 1 for what changes something: it may have been done although nobody said so */
    <Q, A> CompletionStage<Asked<A>> ask(
            ServiceMethod<A, Q> method, Q message, A nothing, Traceparent trace, Duration allowed, int attempts) {
        return ask(
                (processor, number, left) -> call(processor.address(), method, message, nothing, trace, left),
                allowed,
                attempts);
    }

    private <A> CompletionStage<Asked<A>> ask(Way<A> way, Duration allowed, int attempts) {
        Question<A> question = new Question<>(
                way, allowed, attempts, System.nanoTime() + allowed.toNanos(), new CompletableFuture<>());
        attempt(question, 1);
        return question.asked();
    }

    private <A> void attempt(Question<A> question, int number) {
        Refused<A> refused = new Refused<>(Kind.UNAVAILABLE, "no processor is known to this door");
        int first = Math.floorMod(turn.getAndIncrement(), Math.max(1, processors.size()));
        for (int i = 0; i < processors.size(); i++) {
            Processor processor = processors.get((first + i) % processors.size());
            Entry entry = processor.dependency().enter();
            if (entry instanceof Dependency.Pass pass) {
                go(question, number, processor, pass);
                return;
            }
            refused = entry instanceof Entry.Full full
                    ? new Refused<>(Kind.FULL, full.reason())
                    : new Refused<>(Kind.UNAVAILABLE, processor.dependency().name() + " does not answer");
        }
        question.asked().complete(refused);
    }

    private <A> void go(Question<A> question, int number, Processor processor, Dependency.Pass pass) {
        long left = question.left();
        if (left <= 0) {
            pass.answered();
            question.asked().complete(tooLate(question));
            return;
        }
        question.way()
                .go(processor, number, left)
                .onComplete(
                        asked -> {
                            pass.answered();
                            settle(question, number, asked);
                        },
                        failure -> {
                            pass.failed(failure);
                            settle(
                                    question,
                                    number,
                                    question.left() <= 0
                                            ? tooLate(question)
                                            : new Refused<>(
                                                    Kind.UNAVAILABLE,
                                                    processor.dependency().name() + " does not answer"));
                        });
    }

    private <Q, A> Future<Asked<A>> call(
            SocketAddress address, ServiceMethod<A, Q> method, Q message, A nothing, Traceparent trace, long left) {
        return client.request(address, method)
                .compose(request -> {
                    request.timeout(left, TimeUnit.MILLISECONDS);
                    request.headers().set(Traceparent.HEADER, trace.value());
                    request.end(message);
                    return request.response();
                })
                .compose(response -> response.last()
                        .otherwise(nothing)
                        .map(answer -> asked(response.status(), response.statusMessage(), answer)));
    }

    /** Begins a call that streams what it asks; fails where no processor can be reached. */
    <Q, A> Future<GrpcClientRequest<Q, A>> open(ServiceMethod<A, Q> method, Traceparent trace, Duration allowed) {
        Future<GrpcClientRequest<Q, A>> opened = Future.failedFuture("no processor is known to this door");
        int first = Math.floorMod(turn.getAndIncrement(), Math.max(1, processors.size()));
        for (int i = 0; i < processors.size(); i++) {
            Processor processor = processors.get((first + i) % processors.size());
            opened = opened.recover(unused -> client.request(processor.address(), method));
        }
        return opened.onSuccess(request -> {
            request.timeout(allowed.toMillis(), TimeUnit.MILLISECONDS);
            request.headers().set(Traceparent.HEADER, trace.value());
        });
    }

    static <A> Asked<A> asked(@Nullable GrpcStatus status, @Nullable String detail, A answer) {
        return status == GrpcStatus.OK
                ? new Answered<>(answer)
                : new Refused<>(
                        Kind.of(Objects.requireNonNullElse(status, GrpcStatus.UNKNOWN)),
                        Objects.requireNonNullElse(detail, "the processor gave no reason"));
    }

    private static <A> Refused<A> tooLate(Question<A> question) {
        return new Refused<>(
                Kind.TOO_LATE,
                "the processor did not answer within " + question.allowed().toMillis() + " ms");
    }

    private <A> void settle(Question<A> question, int number, Asked<A> asked) {
        boolean again = asked instanceof Refused<A> refused
                && refused.kind() == Kind.UNAVAILABLE
                && number < question.attempts();
        long wait = again ? backoff(number) : 0;
        if (again && wait < question.left()) {
            vertx.setTimer(wait, unused -> attempt(question, number + 1));
        } else {
            question.asked().complete(asked);
        }
    }

    /** Doubled each time, and each time another, so that doors do not knock in step. */
    private long backoff(int number) {
        long base = config.backoff().toMillis() << (number - 1);
        return Math.max(1, base / 2 + ThreadLocalRandom.current().nextLong(base + 1));
    }

    @Override
    public void close() {
        client.close();
    }
}
