package io.millrace.processor.serve;

import com.google.protobuf.Message;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.grpc.v1.GetStatusRequest;
import io.millrace.grpc.v1.GetStatusResponse;
import io.millrace.grpc.v1.PipelineInstance;
import io.millrace.grpc.v1.Scoring;
import io.millrace.identity.Traceparent;
import io.millrace.processor.model.Catalog;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.score.Generations;
import io.millrace.processor.serve.Methods.Method;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.grpc.health.HealthService;
import io.vertx.grpc.reflection.ReflectionService;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * millrace.v1.ScoringService on its own port, with gRPC's health and reflection services. It listens before the topology
 * runs, because the topology tells other processors where it listens; until {@link #attach} users are not available.
 * Thread-safe; closing it refuses what waits.
 */
public final class ScoringServer implements AutoCloseable {
    static final int MOST_MESSAGE_BYTES = 8 << 20;
    /** Calls of one connection at once: a door has one, and so many questions under way. Of more than Vert.x' 100 each waits. */
    private static final int STREAMS = 2_048;

    private static final int READS_A_READER = 512;
    private static final int CHANGERS = 2;
    private static final int MOST_CHANGES = 64;
    /** Of four uploads, each of which waits until its last part is written. */
    private static final int MOST_PARTS = 64;

    interface Answering<Q, A> {
        void answer(Q question, Call call, Reply<A> reply);
    }

    private final ServeConfig config;
    private final ServeMeters meters;
    private final Vertx vertx;
    private final ThreadPoolExecutor readers;
    private final ThreadPoolExecutor changers;
    private final ThreadPoolExecutor files;
    private final ScoringQueue queue;
    private final Peers peers;
    private final Instances instances;
    private final Explanations explanations;
    private final HttpServer server;
    private volatile @Nullable KafkaStreams streams;
    private volatile Supplier<PipelineInstance> own = PipelineInstance::getDefaultInstance;
    private volatile Users users = user -> new Users.Lookup.NotNow("the processor is starting");

    private ScoringServer(
            ServeConfig config,
            Generations generations,
            Catalog catalog,
            ModelLimits limits,
            @Nullable Managed managed,
            MeterRegistry registry) {
        this.explanations = new Explanations(generations, catalog, limits);
        this.config = config;
        this.meters = new ServeMeters(registry);
        this.vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setPreferNativeTransport(true));
        this.readers = pool("millrace-user-reader", config.readers(), config.readers() * READS_A_READER);
        this.changers = pool("millrace-model-changer", CHANGERS, MOST_CHANGES);
        this.files = pool("millrace-model-upload", 1, MOST_PARTS);
        this.queue = ScoringQueue.start(generations, config, meters);
        this.peers = new Peers(vertx, meters);
        this.instances = new Instances(this::advertised, () -> streams, peers);
        meters.waiting(queue::waiting);
        ScoringCalls calls =
                new ScoringCalls(queue, user -> users.find(user), peers, readers, meters, Clock.systemUTC());
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(config.host())
                        .setPort(config.port())
                        .setTcpNoDelay(true)
                        .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(STREAMS)))
                .requestHandler(grpc(calls, managed));
    }

    /**
     * Listens.
     *
     * @param managed for ModelService; null where there is none
     * @throws IllegalStateException if the address cannot be bound, in one sentence
     */
    public static ScoringServer start(
            ServeConfig config,
            Generations generations,
            Catalog catalog,
            ModelLimits limits,
            @Nullable Managed managed,
            MeterRegistry registry)
            throws InterruptedException {
        ScoringServer made = new ScoringServer(config, generations, catalog, limits, managed, registry);
        try {
            made.server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            return made;
        } catch (ExecutionException | TimeoutException e) {
            made.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(
                    "cannot listen on " + config.host() + ":" + config.port() + " (" + ServeKeys.PORT.path() + "): "
                            + cause.getMessage(),
                    e);
        }
    }

    /** Where other processors reach this one: the topology's application.server. */
    public String advertised() {
        return config.advertised().orElseGet(() -> reachableHost() + ":" + port());
    }

    /** Nobody can connect to "every address": the machine's own stands in for it. */
    private String reachableHost() {
        boolean isEvery = config.host().equals("0.0.0.0") || config.host().equals("::");
        try {
            return isEvery ? InetAddress.getLocalHost().getHostAddress() : config.host();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    "this machine does not know its own address: expected " + ServeKeys.ADVERTISED.path(), e);
        }
    }

    public int port() {
        return server.actualPort();
    }

    /** From now on users are looked up in this topology, whose application.server is {@link #advertised}. */
    public void attach(KafkaStreams topology) {
        users = new StreamsUsers(topology, HostInfo.buildFromEndpoint(advertised()));
        streams = topology;
    }

    /** From now on this instance says so of itself. */
    public void tell(Supplier<PipelineInstance> told) {
        own = told;
    }

    private GrpcServer grpc(ScoringCalls calls, @Nullable Managed managed) {
        GrpcServer grpc = GrpcServer.server(vertx, new GrpcServerOptions().setMaxMessageSize(MOST_MESSAGE_BYTES));
        HealthService health = HealthService.create(vertx)
                .register(Methods.SERVICE, () -> Future.succeededFuture(isRunning()))
                .register("", () -> Future.succeededFuture(isRunning()));
        Service scoring = Service.service(
                        Methods.SERVICE, Scoring.getDescriptor().findServiceByName("ScoringService"))
                .bind(Methods.PREDICT.served(), request -> serve(request, Methods.PREDICT, calls::predict))
                .bind(
                        Methods.PREDICT_MANY.served(),
                        request -> serve(request, Methods.PREDICT_MANY, calls::predictMany))
                .bind(Methods.GET_USER.served(), request -> serve(request, Methods.GET_USER, calls::getUser))
                .bind(
                        Methods.LIST_MODELS.served(),
                        request ->
                                serve(request, Methods.LIST_MODELS, (question, call, reply) -> calls.listModels(reply)))
                .bind(Methods.EXPLAIN.served(), request -> serve(request, Methods.EXPLAIN, explanations::explain))
                .bind(
                        Methods.GET_PIPELINE.served(),
                        request -> serve(
                                request,
                                Methods.GET_PIPELINE,
                                (question, call, reply) -> instances.pipeline(own, readers, question, call, reply)))
                .build();
        if (managed != null) {
            grpc.addService(models(managed));
        }
        return grpc.addService(scoring).addService(health).addService(ReflectionService.v1());
    }

    private Service models(Managed managed) {
        ModelCalls calls = new ModelCalls(managed.registry(), changers);
        return new ModelService(vertx, calls, statuses(managed), files, meters, managed.largest()).bound(this::serve);
    }

    private Answering<GetStatusRequest, GetStatusResponse> statuses(Managed managed) {
        return (asked, call, reply) -> instances.status(managed.states().get(), asked, call, reply);
    }

    private boolean isRunning() {
        KafkaStreams topology = streams;
        return topology != null && topology.state() == KafkaStreams.State.RUNNING;
    }

    private <Q extends Message, A extends Message> void serve(
            GrpcServerRequest<Q, A> request, Method<Q, A> method, Answering<Q, A> answering) {
        long began = System.nanoTime();
        Duration allowed = request.timeout() > 0 ? Duration.ofMillis(request.timeout()) : config.deadline();
        String trace = request.headers().get(Traceparent.HEADER);
        Call call = new Call(
                began + allowed.toNanos(),
                request.headers().contains(Peers.FORWARDED),
                trace == null ? null : Traceparent.parse(trace).orElse(null));
        Reply<A> reply = new ContextReply<>(request, vertx.getOrCreateContext(), method.name(), meters, began);
        request.handler(question -> answering.answer(question, call, reply));
    }

    private static ThreadPoolExecutor pool(String name, int threads, int waiting) {
        return new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public void close() {
        readers.shutdownNow();
        changers.shutdownNow();
        files.shutdownNow();
        queue.close();
        explanations.close();
        peers.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
