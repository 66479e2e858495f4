package io.millrace.standalone.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.millrace.codec.EventCodec;
import io.millrace.event.Event;
import io.millrace.grpc.v1.Feature;
import io.millrace.grpc.v1.GetUserResponse;
import io.millrace.grpc.v1.Inputs;
import io.millrace.grpc.v1.LoadedModel;
import io.millrace.grpc.v1.PipelineInstance;
import io.millrace.grpc.v1.PipelineTask;
import io.millrace.grpc.v1.PredictOutcome;
import io.millrace.grpc.v1.PredictRequest;
import io.millrace.grpc.v1.PredictResponse;
import io.millrace.grpc.v1.WhatIf;
import io.millrace.prediction.Inputs.Slot;
import io.millrace.prediction.Prediction;
import io.millrace.standalone.serve.ScoringClient.Ended;
import io.millrace.standalone.serve.ScoringStage.Instance;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ScoringService on two processors, against what the stream says of the same events. */
class ScoringServiceIT {
    private static final Instant TIME = Instant.parse("2026-11-22T12:00:00Z");
    private static final String PREDICTED = "shopper";
    private static final Map<String, String> FORWARDED = Map.of("millrace-forwarded", "1");

    @Test
    void answersAsTheStreamDoes_whereverTheUserIs(@TempDir Path folder) throws Exception {
        try (ScoringStage stage = new ScoringStage(folder)) {
            Instance one = stage.start("one");
            try (ScoringClient client = new ScoringClient(one.port())) {
                sameScore_forTheSameInputsAndForWhatIf(stage, client);
                saysWhatIsWrong(client);
                everyUserIsReached_throughEitherInstance(stage, one, client);
            }
        }
    }

    private static void sameScore_forTheSameInputsAndForWhatIf(ScoringStage stage, ScoringClient client)
            throws Exception {
        stage.publish(ScoringStage.identify(PREDICTED, "i1", "{\"plan\":\"member\"}", TIME));
        stage.publish(ScoringStage.event(PREDICTED, "e1", 35.79, TIME.plusSeconds(1)));
        Prediction first = stage.prediction("e1");

        PredictResponse again = client.predict(PredictRequest.newBuilder()
                        .setModel(first.model().name())
                        .setInputs(inputs(first))
                        .build())
                .answer();
        assertThat(Float.floatToRawIntBits(again.getScore())).isEqualTo(Float.floatToRawIntBits(first.score()));
        assertThat(again.getLabel()).isEqualTo(first.label());
        assertThat(again.getModel().getSha256()).isEqualTo(first.sha256().hex());
        assertThat(again.getInputs()).isEqualTo(inputs(first));
        manyAnswers_areThoseOfEach(client, first, again);
        assertThat(again.getConfidence())
                .isEqualTo(first.score() >= first.threshold() ? first.score() : 1 - first.score());

        Event second = ScoringStage.event(PREDICTED, "e2", 990.5, TIME.plusSeconds(90));
        Event third = ScoringStage.event(PREDICTED, "e3", 12, TIME.plusSeconds(400));
        PredictResponse ifBoth = client.predict(PredictRequest.newBuilder()
                        .setWhatIf(whatIf(second, third))
                        .build())
                .answer();
        // Asking changed nothing, or the second event would now count twice.
        stage.publish(second);
        stage.publish(third);
        Prediction happened = stage.prediction("e3");
        assertThat(ifBoth.getInputs()).isEqualTo(inputs(happened));
        assertThat(Float.floatToRawIntBits(ifBoth.getScore())).isEqualTo(Float.floatToRawIntBits(happened.score()));
        assertThat(ifBoth.getAsOfMs()).isEqualTo(TIME.plusSeconds(400).toEpochMilli());

        GetUserResponse user = answered(client, PREDICTED);
        assertThat(user.getProfile().getTraitsJson()).isEqualTo("{\"plan\":\"member\"}");
        assertThat(user.getLastEventMs()).isEqualTo(TIME.plusSeconds(400).toEpochMilli());
        PredictResponse live = client.predict(PredictRequest.newBuilder()
                        .setUser(ScoringClient.user(PREDICTED))
                        .build())
                .answer();
        assertThat(live.getInputs().getFeaturesList())
                .extracting(Feature::getName)
                .isEqualTo(user.getLiveList().stream()
                        .filter(each ->
                                each.getModel().getName().equals(first.model().name()))
                        .flatMap(each -> each.getInputs().getFeaturesList().stream())
                        .map(Feature::getName)
                        .toList());
        assertThat(live.getAsOfMs()).isGreaterThanOrEqualTo(user.getAsOfMs());
    }

    private static void manyAnswers_areThoseOfEach(ScoringClient client, Prediction first, PredictResponse alone) {
        PredictRequest known =
                PredictRequest.newBuilder().setInputs(inputs(first)).build();
        PredictRequest unknown = PredictRequest.newBuilder().setModel("nobody").build();
        PredictRequest user = PredictRequest.newBuilder()
                .setUser(ScoringClient.user(PREDICTED))
                .build();

        List<PredictOutcome> outcomes =
                client.predictMany(known, unknown, user, known).answer().getOutcomesList();

        assertThat(outcomes).hasSize(4);
        assertThat(outcomes.get(0).getResponse()).isEqualTo(alone);
        assertThat(outcomes.get(1).getRefusal().getStatus()).isEqualTo(GrpcStatus.NOT_FOUND.code);
        assertThat(outcomes.get(1).getRefusal().getDetail()).contains("model: given \"nobody\"");
        assertThat(outcomes.get(2).getResponse().getInputs().getFeaturesCount())
                .isEqualTo(alone.getInputs().getFeaturesCount());
        assertThat(outcomes.get(3).getResponse()).isEqualTo(alone);
        assertThat(client.predictMany().status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }

    private static void saysWhatIsWrong(ScoringClient client) {
        LoadedModel model = client.listModels().getModels(0);
        assertThat(model.getModel().getRole()).isEqualTo("champion");
        assertThat(model.getFeaturesList())
                .allMatch(feature -> feature.getDtype().equals("float32"));
        assertThat(client.predict(PredictRequest.getDefaultInstance()).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(client.predict(PredictRequest.newBuilder().setModel("nobody").build()))
                .returns(GrpcStatus.NOT_FOUND, Ended::status)
                .satisfies(ended -> assertThat(ended.detail()).contains("model: given \"nobody\""));
        assertThat(client.predict(PredictRequest.newBuilder()
                        .setInputs(Inputs.newBuilder()
                                .addFeatures(Feature.newBuilder().setName("x").addValues(1)))
                        .build()))
                .returns(GrpcStatus.INVALID_ARGUMENT, Ended::status)
                .satisfies(ended -> assertThat(ended.detail()).startsWith("feature \"x\": expected one of"));
        assertThat(client.getUser("nobody", Map.of()).status()).isEqualTo(GrpcStatus.NOT_FOUND);
        HealthCheckResponse health = client.call(
                        ServiceName.create("grpc.health.v1.Health"),
                        "Check",
                        HealthCheckRequest.newBuilder()
                                .setService("millrace.v1.ScoringService")
                                .build(),
                        HealthCheckResponse.getDefaultInstance(),
                        Map.of())
                .answer();
        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }

    private static void everyUserIsReached_throughEitherInstance(ScoringStage stage, Instance one, ScoringClient client)
            throws Exception {
        List<String> users = IntStream.range(0, 12).mapToObj(i -> "user-" + i).toList();
        for (String user : users) {
            stage.publish(ScoringStage.event(user, "of-" + user, 1, TIME));
        }
        users.forEach(user -> stage.prediction("of-" + user));
        Instance two = stage.start("two");
        // While partitions move their users are UNAVAILABLE, and never unknown.
        users.forEach(user -> answered(client, user));
        ScoringStage.await("the second instance owns some", () -> two.isRunning() && one.isRunning() ? two : null);

        users.forEach(user -> answered(client, user));
        assertThat(one.forwarded()).as("calls that went to the second instance").isPositive();
        assertThat(users.stream().map(user -> client.getUser(user, FORWARDED)))
                .as("a call that was sent on already is not sent on again")
                .anyMatch(ended -> ended.status() == GrpcStatus.UNAVAILABLE)
                .anyMatch(ended -> ended.status() == GrpcStatus.OK);
        eitherTellsOfBoth(one, two, client);
    }

    private static void eitherTellsOfBoth(Instance one, Instance two, ScoringClient client) {
        Set<Integer> all = ScoringStage.await("both tell what they work on", () -> {
            List<PipelineInstance> instances = client.pipeline().getInstancesList();
            Set<Integer> partitions = instances.stream()
                    .flatMap(instance -> instance.getTasksList().stream())
                    .filter(task -> !task.getStandby())
                    .map(PipelineTask::getPartition)
                    .collect(Collectors.toSet());
            return instances.size() == 2 && partitions.size() == 4 ? partitions : null;
        });
        assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3);
        int port = two.port();
        two.close();
        List<PipelineInstance> left = client.pipeline().getInstancesList();
        assertThat(left)
                .anyMatch(instance -> instance.getAddress().endsWith(":" + one.port())
                        && instance.getUnreachable().isEmpty());
        // Until the group has noticed it is named with the reason; after that it is not there.
        assertThat(left)
                .filteredOn(instance -> instance.getAddress().endsWith(":" + port))
                .allMatch(instance -> instance.getUnreachable().contains("does not answer"));
    }

    /** Asks until the user's state is somewhere; nothing but UNAVAILABLE may come in between. */
    private static GetUserResponse answered(ScoringClient client, String user) {
        return ScoringStage.await(user, () -> {
            Ended<GetUserResponse> ended = client.getUser(user, Map.of());
            assertThat(ended.status()).as(ended.detail()).isIn(GrpcStatus.OK, GrpcStatus.UNAVAILABLE);
            return ended.message();
        });
    }

    private static WhatIf whatIf(Event... events) {
        WhatIf.Builder whatIf = WhatIf.newBuilder().setUser(ScoringClient.user(PREDICTED));
        for (Event event : events) {
            whatIf.addEvents(ByteString.copyFrom(EventCodec.encode(event)));
        }
        return whatIf.build();
    }

    private static Inputs inputs(Prediction prediction) {
        Inputs.Builder inputs = Inputs.newBuilder();
        int at = 0;
        for (Slot slot : prediction.inputs().slots()) {
            Feature.Builder feature = Feature.newBuilder().setName(slot.name());
            for (int i = 0; i < slot.width(); i++) {
                feature.addValues(prediction.inputs().values()[at++]);
            }
            inputs.addFeatures(feature);
        }
        return inputs.build();
    }
}
