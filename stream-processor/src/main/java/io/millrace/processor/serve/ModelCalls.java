package io.millrace.processor.serve;

import io.millrace.grpc.v1.DeleteVersionRequest;
import io.millrace.grpc.v1.DeleteVersionResponse;
import io.millrace.grpc.v1.DeployRequest;
import io.millrace.grpc.v1.GetModelRequest;
import io.millrace.grpc.v1.ListRegisteredResponse;
import io.millrace.grpc.v1.ModelDeployment;
import io.millrace.grpc.v1.RegisterHeader;
import io.millrace.grpc.v1.RegisterResponse;
import io.millrace.grpc.v1.RegisteredModel;
import io.millrace.grpc.v1.RollbackRequest;
import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment.Canary;
import io.millrace.model.Deployment.Guardrails;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.registry.Candidate;
import io.millrace.processor.registry.ModelRegistry;
import io.millrace.processor.registry.ModelRegistry.Registration;
import io.millrace.processor.registry.RegistryException;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the calls of ModelService do, free of HTTP. Changes block, so they run on threads of their own. Thread-safe. */
final class ModelCalls {
    private static final Logger log = LoggerFactory.getLogger(ModelCalls.class);
    private static final double NANOS_PER_MILLI = 1e6;

    private final ModelRegistry registry;
    private final Executor changes;

    /** @param changes run what blocks; reject what they cannot take */
    ModelCalls(ModelRegistry registry, Executor changes) {
        this.registry = registry;
        this.changes = changes;
    }

    private interface Work<A> {
        A answer() throws RegistryException, ModelRefusedException, IOException, InterruptedException;
    }

    void list(Reply<ListRegisteredResponse> reply) {
        reply.give(ModelAnswers.all(registry.content()));
    }

    void get(GetModelRequest request, Reply<RegisteredModel> reply) {
        RegisteredModel model = ModelAnswers.model(registry.content(), request.getName(), true);
        if (model == null) {
            reply.refuse(GrpcStatus.NOT_FOUND, "no model is registered as " + request.getName());
        } else {
            reply.give(model);
        }
    }

    /**
     * Registers what has come.
     *
     * @param after is run once, when the upload is needed no more
     */
    void register(Upload upload, Runnable after, Reply<RegisterResponse> reply) {
        run(
                reply,
                () -> {
                    RegisterHeader header = upload.header();
                    Candidate candidate = Candidate.of(
                            header.getManifest().toByteArray(),
                            upload.artifact(),
                            header.getSignature().isEmpty() ? null : header.getSignature());
                    String name = candidate.files().manifest().model().name();
                    if (!name.equals(header.getName())) {
                        throw new ModelRefusedException(
                                "model.yaml is of model " + name + ", expected one of " + header.getName());
                    }
                    Registration done = registry.register(candidate, header.getBy(), header.getDryRun());
                    return RegisterResponse.newBuilder()
                            .setVersion(ModelAnswers.version(done.version(), false))
                            .setStored(done.stored())
                            .build();
                },
                after);
    }

    void deploy(DeployRequest request, Reply<ModelDeployment> reply) {
        run(
                reply,
                () -> ModelAnswers.deployment(registry.deploy(
                        request.getName(),
                        request.hasExpectedRevision()
                                ? OptionalLong.of(request.getExpectedRevision())
                                : OptionalLong.empty(),
                        request.getChampion(),
                        request.hasCanary() ? canary(request.getCanary()) : null,
                        request.getShadowsList(),
                        request.getBy(),
                        given(request.getReason()))));
    }

    void rollBack(RollbackRequest request, Reply<ModelDeployment> reply) {
        run(
                reply,
                () -> ModelAnswers.deployment(registry.rollBack(
                        request.getName(),
                        request.hasExpectedRevision()
                                ? OptionalLong.of(request.getExpectedRevision())
                                : OptionalLong.empty(),
                        request.getBy(),
                        given(request.getReason()))));
    }

    void delete(DeleteVersionRequest request, Reply<DeleteVersionResponse> reply) {
        run(reply, () -> {
            registry.delete(new ModelVersion(request.getName(), request.getVersion()));
            return DeleteVersionResponse.getDefaultInstance();
        });
    }

    private <A> void run(Reply<A> reply, Work<A> work) {
        run(reply, work, () -> {});
    }

    private <A> void run(Reply<A> reply, Work<A> work, Runnable after) {
        try {
            changes.execute(() -> {
                try {
                    settle(reply, work);
                } finally {
                    after.run();
                }
            });
        } catch (RejectedExecutionException e) {
            after.run();
            reply.refuse(GrpcStatus.RESOURCE_EXHAUSTED, "too many changes of models wait already, try again");
        }
    }

    private static <A> void settle(Reply<A> reply, Work<A> work) {
        try {
            reply.give(work.answer());
        } catch (ModelRefusedException | IllegalArgumentException e) {
            reply.refuse(GrpcStatus.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        } catch (RegistryException e) {
            reply.refuse(status(e.kind()), e.sentence());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reply.refuse(GrpcStatus.UNAVAILABLE, "the processor is closing");
        } catch (IOException | RuntimeException e) {
            log.error("A call of ModelService failed", e);
            reply.refuse(GrpcStatus.INTERNAL, "the processor failed; its log says why");
        }
    }

    private static GrpcStatus status(RegistryException.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> GrpcStatus.NOT_FOUND;
            case EXISTS -> GrpcStatus.ALREADY_EXISTS;
            case CONFLICT -> GrpcStatus.ABORTED;
            case IN_THE_WAY -> GrpcStatus.FAILED_PRECONDITION;
            case WRONG -> GrpcStatus.INVALID_ARGUMENT;
            case FULL -> GrpcStatus.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> GrpcStatus.UNAVAILABLE;
        };
    }

    private static Canary canary(io.millrace.grpc.v1.Canary asked) {
        Guardrails usual = Guardrails.DEFAULT;
        io.millrace.grpc.v1.Guardrails bounds = asked.getGuardrails();
        return new Canary(
                asked.getVersion(),
                asked.getPercent(),
                new Guardrails(
                        bounds.hasFailures() ? bounds.getFailures() : usual.failures(),
                        bounds.hasSlowestMs()
                                ? Duration.ofNanos(Math.round(bounds.getSlowestMs() * NANOS_PER_MILLI))
                                : usual.slowest(),
                        bounds.hasPsi() ? bounds.getPsi() : usual.psi(),
                        bounds.hasAfter() ? bounds.getAfter() : usual.after()));
    }

    private static @Nullable String given(String text) {
        return text.isEmpty() ? null : text;
    }
}
