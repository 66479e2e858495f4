package io.millrace.ingest.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.grpc.v1.Canary;
import io.millrace.grpc.v1.DeleteVersionRequest;
import io.millrace.grpc.v1.DeployRequest;
import io.millrace.grpc.v1.Guardrails;
import io.millrace.grpc.v1.ModelDeployment;
import io.millrace.grpc.v1.RollbackRequest;
import io.millrace.ingest.ask.Asked.Answered;
import io.millrace.ingest.ask.Asked.Refused;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Endpoint.Status;
import io.millrace.ingest.outcome.Problem;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** {@code /v1/models}: what is registered and deployed, and changes of it; uploads have a way of their own. Thread-safe. */
public final class ModelEndpoints {
    private final ModelsClient models;

    public ModelEndpoints(ModelsClient models) {
        this.models = models;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of(
                "listModels", this::list,
                "getModel", this::model,
                "deleteModelVersion", this::delete,
                "getDeployment", this::deployment,
                "deployModel", this::deploy,
                "rollbackModel", this::rollBack);
    }

    private CompletionStage<Reply> list(Question question) {
        return models.list(question.trace()).thenApply(asked -> reply(asked, answer -> found(ModelJson.list(answer))));
    }

    private CompletionStage<Reply> model(Question question) {
        String name = name(question);
        return models.model(name, question.trace()).thenCompose(asked -> {
            if (asked instanceof Answered<io.millrace.grpc.v1.RegisteredModel> model) {
                return models.status(name, question.trace())
                        .thenApply(status -> reply(status, answer -> {
                            ObjectNode tree = ModelJson.model(model.answer());
                            tree.set("instances", ModelJson.instances(answer));
                            return found(tree);
                        }));
            }
            return CompletableFuture.completedFuture(reply(asked, answer -> found(ModelJson.model(answer))));
        });
    }

    private CompletionStage<Reply> delete(Question question) {
        return models.delete(
                        DeleteVersionRequest.newBuilder()
                                .setName(name(question))
                                .setVersion(question.path().getOrDefault("version", ""))
                                .setBy(question.caller())
                                .build(),
                        question.trace())
                .thenApply(asked ->
                        reply(asked, answer -> new Reply.Found(Status.NO_CONTENT, ModelJson.TYPE, new byte[0])));
    }

    private CompletionStage<Reply> deployment(Question question) {
        String name = name(question);
        return models.model(name, question.trace())
                .thenApply(asked -> reply(
                        asked,
                        model -> model.hasDeployment()
                                ? deployed(model.getDeployment())
                                : new Reply.Failed(new Problem.NotFound(name + " is not deployed"))));
    }

    private CompletionStage<Reply> deploy(Question question) {
        JsonNode body = ModelJson.read(question.body());
        DeployRequest.Builder request = DeployRequest.newBuilder()
                .setName(name(question))
                .setChampion(body.path("champion").asText())
                .setBy(question.caller())
                .setReason(body.path("reason").asText(""));
        body.path("shadows").forEach(shadow -> request.addShadows(shadow.asText()));
        if (body.has("canary")) {
            request.setCanary(canary(body.path("canary")));
        }
        seen(question).ifPresent(request::setExpectedRevision);
        return models.deploy(request.build(), question.trace())
                .thenApply(asked -> reply(asked, ModelEndpoints::deployed));
    }

    private CompletionStage<Reply> rollBack(Question question) {
        RollbackRequest.Builder request =
                RollbackRequest.newBuilder().setName(name(question)).setBy(question.caller());
        seen(question).ifPresent(request::setExpectedRevision);
        return models.rollBack(request.build(), question.trace())
                .thenApply(asked -> reply(asked, ModelEndpoints::deployed));
    }

    private static Canary canary(JsonNode wanted) {
        Guardrails.Builder guardrails = Guardrails.newBuilder();
        JsonNode bounds = wanted.path("guardrails");
        if (bounds.has("failures")) {
            guardrails.setFailures(bounds.path("failures").intValue());
        }
        if (bounds.has("slowestMs")) {
            guardrails.setSlowestMs(bounds.path("slowestMs").doubleValue());
        }
        if (bounds.has("psi")) {
            guardrails.setPsi(bounds.path("psi").doubleValue());
        }
        if (bounds.has("after")) {
            guardrails.setAfter(bounds.path("after").intValue());
        }
        return Canary.newBuilder()
                .setVersion(wanted.path("version").asText())
                .setPercent(wanted.path("percent").doubleValue())
                .setGuardrails(guardrails)
                .build();
    }

    /** The revision in If-Match, whose form was checked before. */
    private static OptionalLong seen(Question question) {
        String given = question.headers().get("if-match");
        return given == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(given.replace("\"", "")));
    }

    private static String name(Question question) {
        return question.path().getOrDefault("name", "");
    }

    private static Reply deployed(ModelDeployment deployment) {
        JsonNode tree = ModelJson.deployment(deployment);
        return new Reply.Found(
                Status.OK,
                ModelJson.TYPE,
                deployment.getJson().toByteArray(),
                Map.of("ETag", "\"" + tree.path("revision").asLong() + "\""));
    }

    private static Reply found(ObjectNode tree) {
        return new Reply.Found(ModelJson.TYPE, ModelJson.bytes(tree));
    }

    private static <A> Reply reply(Asked<A> asked, Function<A, Reply> then) {
        if (asked instanceof Answered<A> answered) {
            return then.apply(answered.answer());
        }
        return new Reply.Failed(Asked.problem((Refused<A>) asked));
    }
}
