package io.millrace.processor.serve;

import io.millrace.grpc.v1.Contribution;
import io.millrace.grpc.v1.ExplainRequest;
import io.millrace.grpc.v1.ExplainResponse;
import io.millrace.identity.ModelVersion;
import io.millrace.model.RegisteredVersion;
import io.millrace.processor.model.Catalog;
import io.millrace.processor.model.Explanation;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generations;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explains scores on a thread of its own, one after the other: gradients are what no hot path waits for. A version that
 * scores is at hand; of the others the one that was asked for last is kept loaded. Thread-safe.
 */
final class Explanations implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Explanations.class);
    private static final int MOST_WAITING = 32;

    private final Generations generations;
    private final Catalog catalog;
    private final ModelLimits limits;
    private final ThreadPoolExecutor thread;
    private @Nullable LoadedModel kept;

    Explanations(Generations generations, Catalog catalog, ModelLimits limits) {
        this.generations = generations;
        this.catalog = catalog;
        this.limits = limits;
        this.thread =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread made = new Thread(task, "millrace-explain");
                    made.setDaemon(true);
                    return made;
                });
    }

    void explain(ExplainRequest request, Call call, Reply<ExplainResponse> reply) {
        try {
            thread.execute(() -> answer(request, call, reply));
        } catch (RejectedExecutionException e) {
            reply.refuse(GrpcStatus.RESOURCE_EXHAUSTED, "too many explanations wait already");
        }
    }

    private void answer(ExplainRequest request, Call call, Reply<ExplainResponse> reply) {
        if (call.isLate()) {
            reply.refuse(GrpcStatus.DEADLINE_EXCEEDED, "the deadline passed while the request waited");
            return;
        }
        try {
            ModelVersion version = new ModelVersion(request.getModel(), request.getVersion());
            LoadedModel model = find(version);
            if (model == null) {
                reply.refuse(GrpcStatus.NOT_FOUND, version + " is neither loaded nor registered any more");
            } else if (!model.manifest().sha256().hex().equals(request.getSha256())) {
                reply.refuse(
                        GrpcStatus.FAILED_PRECONDITION,
                        version + " has an artifact with sha256 "
                                + model.manifest().sha256() + ": expected " + request.getSha256());
            } else {
                reply.give(write(model.explain(new InputsReader(model.manifest()).read(request.getInputs()))));
            }
        } catch (WrongInputsException e) {
            reply.refuse(GrpcStatus.FAILED_PRECONDITION, e.getMessage());
        } catch (ModelRefusedException | ModelFailedException e) {
            reply.refuse(GrpcStatus.FAILED_PRECONDITION, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("An explanation failed", e);
            reply.refuse(GrpcStatus.INTERNAL, "the processor failed; its log says why");
        }
    }

    private @Nullable LoadedModel find(ModelVersion version) throws ModelRefusedException {
        for (ActiveModel active : generations.newest().models()) {
            if (active.version().equals(version)) {
                return active.loaded();
            }
        }
        RegisteredVersion registered = catalog.content().versions().get(version);
        if (registered == null) {
            return null;
        }
        LoadedModel before = kept;
        if (before != null && before.manifest().equals(registered.manifest())) {
            return before;
        }
        LoadedModel loaded = LoadedModel.load(catalog.files(version), limits);
        kept = loaded;
        if (before != null) {
            before.close();
        }
        return loaded;
    }

    private static ExplainResponse write(Explanation explanation) {
        ExplainResponse.Builder answer = ExplainResponse.newBuilder()
                .setMethod(explanation.method().name().toLowerCase(Locale.ROOT))
                .setLogit(explanation.logit())
                .setOutput(explanation.output())
                .setBaselineOutput(explanation.baselineOutput())
                .setError(explanation.error());
        explanation.features().forEach(feature -> answer.addFeatures(write(feature)));
        explanation.sequence().forEach(feature -> answer.addSequence(write(feature)));
        return answer.build();
    }

    private static Contribution write(Explanation.Contribution given) {
        return Contribution.newBuilder()
                .setName(given.name())
                .setContribution(given.contribution())
                .build();
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            // PyTorch must not be unloaded under a thread that runs it.
            thread.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (kept != null) {
            kept.close();
        }
    }
}
