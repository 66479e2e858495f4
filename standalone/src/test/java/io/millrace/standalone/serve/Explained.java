package io.millrace.standalone.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.grpc.v1.Contribution;
import io.millrace.grpc.v1.ExplainRequest;
import io.millrace.grpc.v1.ExplainResponse;
import io.millrace.grpc.v1.Feature;
import io.millrace.grpc.v1.Inputs;
import io.millrace.grpc.v1.LoadedModel;
import io.millrace.grpc.v1.Sequence;
import io.millrace.identity.Sha256;
import io.millrace.standalone.registry.Pushed;
import io.millrace.standalone.serve.ScoringClient.Ended;
import io.vertx.grpc.common.GrpcStatus;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Explanations that a processor gives, asked as the door asks for them. */
final class Explained {
    private Explained() {}

    /** A version without a role: it is loaded from the registry for this. */
    static void byAVersionThatDoesNotScore(ScoringClient client, Pushed model) {
        Inputs.Builder inputs = Inputs.newBuilder();
        for (int i = 0; i < 4; i++) {
            inputs.addFeatures(Feature.newBuilder().setName("f" + i).addValues(i));
        }
        ExplainRequest request = ExplainRequest.newBuilder()
                .setModel(model.name())
                .setVersion(model.version())
                .setSha256(Sha256.of(model.artifact()).hex())
                .setInputs(inputs)
                .build();

        ExplainResponse answer = explain(client, request).answer();

        assertThat(answer.getMethod()).isEqualTo("occlusion");
        assertThat(answer.getFeaturesList()).extracting(Contribution::getName).containsExactly("f0", "f1", "f2", "f3");
        assertThat(explain(client, request.toBuilder().setSha256("0".repeat(64)).build()))
                .returns(GrpcStatus.FAILED_PRECONDITION, Ended::status)
                .satisfies(
                        ended -> assertThat(ended.detail()).contains("has an artifact with sha256", "expected 0000"));
        assertThat(explain(client, request.toBuilder().setVersion("never").build()))
                .returns(GrpcStatus.NOT_FOUND, Ended::status);
    }

    /** The GRU that comes with Millrace: its steps are explained beside its dense features. */
    static void ofARecurrentModel(ScoringClient client) {
        LoadedModel model = client.listModels().getModelsList().stream()
                .filter(LoadedModel::hasSequence)
                .findFirst()
                .orElseThrow();
        Inputs.Builder inputs = Inputs.newBuilder();
        model.getFeaturesList()
                .forEach(feature -> inputs.addFeatures(
                        Feature.newBuilder().setName(feature.getName()).addAllValues(List.of(0.25f))));
        int width = model.getSequence().getNamesCount();
        inputs.setSequence(Sequence.newBuilder()
                .addAllNames(model.getSequence().getNamesList())
                .addAllValues(Stream.iterate(-1f, value -> value + 0.125f)
                        .limit(3L * width)
                        .toList()));

        ExplainResponse answer = explain(
                        client,
                        ExplainRequest.newBuilder()
                                .setModel(model.getModel().getName())
                                .setVersion(model.getModel().getVersion())
                                .setSha256(model.getModel().getSha256())
                                .setInputs(inputs)
                                .build())
                .answer();

        assertThat(answer.getMethod()).isEqualTo("integrated_gradients");
        assertThat(answer.getSequenceList())
                .extracting(Contribution::getName)
                .isEqualTo(model.getSequence().getNamesList());
        assertThat(answer.getSequenceList()).anyMatch(step -> step.getContribution() != 0);
        double sum = Stream.concat(answer.getFeaturesList().stream(), answer.getSequenceList().stream())
                .mapToDouble(Contribution::getContribution)
                .sum();
        assertThat(sum)
                .isCloseTo(answer.getOutput() - answer.getBaselineOutput(), within(Math.abs(answer.getError()) + 1e-6));
    }

    private static Ended<ExplainResponse> explain(ScoringClient client, ExplainRequest request) {
        return client.call("Explain", request, ExplainResponse.getDefaultInstance(), Map.of());
    }
}
