package io.millrace.ingest.query.pipeline;

import io.millrace.grpc.v1.GetPipelineResponse;
import io.millrace.grpc.v1.PipelineInstance;
import io.millrace.ingest.ask.Asked;
import io.millrace.ingest.ask.ProcessorClient;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.pipeline.BrokerLook;
import io.millrace.pipeline.BrokerSight;
import io.millrace.pipeline.Sighting;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code getPipeline}: brokers and processors are asked at the same time, each for a bounded time, and what one of them does
 * not say is missing with the reason. Who asks while somebody else's look is under way gets the same look. Thread-safe;
 * whoever makes it closes it.
 */
public final class PipelineEndpoint implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** A processor's own answer comes within its deadline; this is for a bug in that. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final String USUAL_APPLICATION = "millrace-processor";
    private static final String USUAL_STORE_GROUP = "millrace-store";

    /** Whose lag is asked for: processors tell, and this is what they told last. */
    private record Groups(String application, String store) {}

    private final ProcessorClient processor;
    private final Supplier<@Nullable Sighting> sighted;
    private final BrokerLook broker;
    private final Clock clock;
    private final ExecutorService looks = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "millrace-pipeline-look");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Groups groups = new Groups(USUAL_APPLICATION, USUAL_STORE_GROUP);
    private volatile int lastPartitions;
    private @Nullable CompletableFuture<Reply> underWay;

    /**
     * @param bootstrap Kafka's addresses
     * @param sighted what the topic pipeline said last, or null
     */
    public PipelineEndpoint(
            String bootstrap, ProcessorClient processor, Supplier<@Nullable Sighting> sighted, Clock clock) {
        this.processor = processor;
        this.sighted = sighted;
        this.clock = clock;
        this.broker = new BrokerLook(bootstrap, "millrace-ingest-pipeline-look", PATIENCE);
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of("getPipeline", this::answer);
    }

    private CompletionStage<Reply> answer(Question question) {
        CompletableFuture<Reply> mine = new CompletableFuture<>();
        synchronized (this) {
            if (underWay != null) {
                return underWay;
            }
            underWay = mine;
        }
        var unused = look(question).whenComplete((reply, failure) -> {
            synchronized (this) {
                underWay = null;
            }
            if (failure == null) {
                mine.complete(reply);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    private CompletableFuture<Reply> look(Question question) {
        Sighting sighting = sighted.get();
        Pipeline pipeline = sighting == null ? Pipeline.FIRST : sighting.pipeline();
        Groups before = groups;
        CompletableFuture<BrokerSight> seen = CompletableFuture.supplyAsync(() -> look(pipeline, before), looks);
        CompletableFuture<Asked<GetPipelineResponse>> told = processor
                .pipeline(question.trace())
                .toCompletableFuture()
                .completeOnTimeout(
                        new Asked.Refused<>(Asked.Kind.TOO_LATE, "no processor answers in time"),
                        LONGEST.toMillis(),
                        TimeUnit.MILLISECONDS);
        return told.thenCompose(asked -> {
                    // The first time they may have other names than usual.
                    Groups now = groups(asked, before);
                    groups = now;
                    return now.equals(before) ? seen : seen.thenApplyAsync(sight -> look(pipeline, now), looks);
                })
                .thenCombine(told, (sight, asked) -> reply(sighting, sight, asked));
    }

    private static Groups groups(Asked<GetPipelineResponse> asked, Groups before) {
        if (asked instanceof Asked.Answered<GetPipelineResponse> answered) {
            for (PipelineInstance instance : answered.answer().getInstancesList()) {
                if (!instance.getApplicationId().isEmpty()) {
                    return new Groups(instance.getApplicationId(), instance.getStoreGroup());
                }
            }
        }
        return before;
    }

    private BrokerSight look(Pipeline pipeline, Groups of) {
        try {
            return broker.look(pipeline, of.application(), of.store());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the door is closing", e);
        }
    }

    private Reply reply(@Nullable Sighting sighting, BrokerSight sight, Asked<GetPipelineResponse> asked) {
        int counted = sight.partitions();
        if (counted == 0 && sighting != null) {
            Layout layout = sighting.pipeline().layout();
            counted = layout.partitions() > 0 ? layout.partitions() : lastPartitions;
        }
        lastPartitions = counted;
        return new Reply.Found("application/json", PipelineJson.of(clock.instant(), sighting, counted, sight, asked));
    }

    @Override
    public void close() {
        looks.shutdownNow();
        broker.close();
    }
}
