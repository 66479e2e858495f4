package io.millrace.processor.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.grpc.v1.Feature;
import io.millrace.grpc.v1.Inputs;
import io.millrace.grpc.v1.PredictRequest;
import io.millrace.model.FeatureSpec;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.processor.serve.ScoringQueue.Waiting;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScoringQueueTest {
    private static final int ROOM = 3;
    private static final long PATIENCE_SECONDS = 60;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @SuppressWarnings("NullAway.Init")
    private LoadedModel loaded;

    @SuppressWarnings("NullAway.Init")
    private ServedModel model;

    @SuppressWarnings("NullAway.Init")
    private ScoringQueue queue;

    @BeforeEach
    void start() throws Exception {
        loaded = LoadedModel.load(ModelFiles.shipped(ModelFiles.PURCHASE_INTENT), ModelLimits.DEFAULT);
        Generations generations = new Generations(
                new Generation(1, List.of(Route.of(ActiveModel.champion(loaded))), List.of(), Duration.ofHours(1)));
        ModelSet set = new ModelSet(generations.newest(), "");
        model = Objects.requireNonNull(set.find(PredictRequest.getDefaultInstance()));
        ServeConfig config = new ServeConfig(
                "127.0.0.1", 0, Optional.empty(), ROOM, Duration.ofMillis(2), Duration.ofSeconds(2), 1, "");
        queue = ScoringQueue.start(generations, config, new ServeMeters(registry));
    }

    @AfterEach
    void stop() {
        queue.close();
        loaded.close();
    }

    @Test
    void whatWaitsWhileTheScorerIsBusy_isOneBatch_andTheRestIsRefused() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        CompletableFuture<Float> busy = new CompletableFuture<>();
        queue.add(new Waiting(model.active(), zeros(), in(PATIENCE_SECONDS), new Reply<>() {
            @Override
            public void give(Float score) {
                busy.complete(score);
                awaitUninterrupted(free);
            }

            @Override
            public void refuse(GrpcStatus status, String detail) {
                busy.completeExceptionally(new AssertionError(detail));
            }
        }));
        float first = busy.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        Ended second = add(in(PATIENCE_SECONDS));
        Ended late = add(System.nanoTime() - 1);
        Ended third = add(in(PATIENCE_SECONDS));
        Ended fourth = add(in(PATIENCE_SECONDS));
        assertThat(fourth.refusal.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED);
        free.countDown();

        assertThat(late.refusal.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
        // Another bucket than the first one's, so the last bits may differ; see Scorer.
        assertThat(second.score.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isCloseTo(first, offset());
        assertThat(third.score.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(second.score.join());
        queue.close();
        DistributionSummary sizes = registry.get("millrace.predict.batch.size").summary();
        assertThat(sizes.count()).isEqualTo(2);
        assertThat(sizes.totalAmount()).isEqualTo(3);
        assertThat(registry.get("millrace.predict.expired").counter().count()).isEqualTo(1);
    }

    @Test
    void refuses_whenClosed() throws Exception {
        queue.close();

        assertThat(add(in(PATIENCE_SECONDS)).refusal.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isEqualTo(GrpcStatus.UNAVAILABLE);
    }

    @Test
    void inputs_areTheModels_eachOnceAndFinite() {
        Inputs given = given();

        assertThatThrownBy(() ->
                        model.reader().read(given.toBuilder().removeFeatures(0).build()))
                .hasMessageContaining(given.getFeatures(0).getName() + ": given none");
        assertThatThrownBy(() -> model.reader()
                        .read(given.toBuilder()
                                .addFeatures(given.getFeatures(0))
                                .build()))
                .hasMessageContaining("given twice");
        assertThatThrownBy(() -> model.reader()
                        .read(given.toBuilder()
                                .setFeatures(0, given.getFeatures(0).toBuilder().addValues(1))
                                .build()))
                .hasMessageContaining("given 2 values, expected 1");
        assertThatThrownBy(() -> model.reader()
                        .read(given.toBuilder()
                                .setFeatures(0, given.getFeatures(0).toBuilder().setValues(0, Float.NaN))
                                .build()))
                .hasMessageContaining("expected a finite float32");
    }

    private static org.assertj.core.data.Offset<Float> offset() {
        return org.assertj.core.data.Offset.offset(1e-6f);
    }

    private record Ended(CompletableFuture<Float> score, CompletableFuture<GrpcStatus> refusal) {}

    private Ended add(long deadline) throws WrongInputsException {
        Ended ended = new Ended(new CompletableFuture<>(), new CompletableFuture<>());
        queue.add(new Waiting(model.active(), zeros(), deadline, new Reply<>() {
            @Override
            public void give(Float score) {
                ended.score.complete(score);
            }

            @Override
            public void refuse(GrpcStatus status, String detail) {
                ended.refusal.complete(status);
            }
        }));
        return ended;
    }

    private static long in(long seconds) {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private io.millrace.prediction.Inputs zeros() throws WrongInputsException {
        return model.reader().read(given());
    }

    private Inputs given() {
        Inputs.Builder inputs = Inputs.newBuilder();
        for (FeatureSpec feature : loaded.manifest().features()) {
            inputs.addFeatures(Feature.newBuilder().setName(feature.name()).addValues(0));
        }
        return inputs.build();
    }
}
