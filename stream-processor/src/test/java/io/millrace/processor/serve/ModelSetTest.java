package io.millrace.processor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.ManifestCodec;
import io.millrace.grpc.v1.Feature;
import io.millrace.grpc.v1.Inputs;
import io.millrace.grpc.v1.PredictRequest;
import io.millrace.grpc.v1.UserRef;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which model a question means that names none. */
class ModelSetTest {
    private static final PredictRequest USER =
            PredictRequest.newBuilder().setUser(UserRef.getDefaultInstance()).build();

    @SuppressWarnings("NullAway.Init")
    private static LoadedModel first;

    @SuppressWarnings("NullAway.Init")
    private static LoadedModel second;

    @BeforeAll
    static void load() throws Exception {
        ModelFiles shipped = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
        String yaml = new String(ManifestCodec.write(shipped.manifest()), StandardCharsets.UTF_8);
        String other =
                yaml.replace("name: purchase-intent", "name: other").replace("name: is_added", "name: was_added");
        first = LoadedModel.load(shipped, ModelLimits.DEFAULT);
        second = LoadedModel.load(
                ModelFiles.of(ManifestCodec.read(other.getBytes(StandardCharsets.UTF_8)), shipped.artifact()),
                ModelLimits.DEFAULT);
    }

    @AfterAll
    static void close() {
        first.close();
        second.close();
    }

    @Test
    void theOnlyOneIsMeant_whateverIsUsual() {
        assertThat(meant("nobody", USER, second)).isEqualTo("other");
    }

    @Test
    void theUsualOneIsMeant_whereThereAreSeveral() {
        assertThat(meant("purchase-intent", USER, second, first)).isEqualTo("purchase-intent");
        assertThat(meant("nobody", USER, second, first)).isNull();
    }

    @Test
    void theOneWhoseFeaturesAreGivenIsMeant_notTheUsualOne() {
        assertThat(meant("purchase-intent", inputsOf(second), first, second)).isEqualTo("other");
    }

    @Test
    void theUsualOneIsAsked_whereTheFeaturesAreNobodys() {
        PredictRequest wrong = PredictRequest.newBuilder()
                .setInputs(Inputs.newBuilder()
                        .addFeatures(Feature.newBuilder().setName("x").addValues(0)))
                .build();

        assertThat(meant("purchase-intent", wrong, second, first)).isEqualTo("purchase-intent");
    }

    @Test
    void theNamedOneIsMeant() {
        PredictRequest named = USER.toBuilder().setModel("other").build();

        assertThat(meant("purchase-intent", named, first, second)).isEqualTo("other");
    }

    private static PredictRequest inputsOf(LoadedModel model) {
        Inputs.Builder inputs = Inputs.newBuilder();
        model.manifest()
                .features()
                .forEach(feature -> inputs.addFeatures(
                        Feature.newBuilder().setName(feature.name()).addValues(0)));
        return PredictRequest.newBuilder().setInputs(inputs).build();
    }

    private static @Nullable String meant(String usual, PredictRequest request, LoadedModel... models) {
        List<Route> routes = List.of(models).stream()
                .map(model -> Route.of(ActiveModel.champion(model)))
                .toList();
        ServedModel found =
                new ModelSet(new Generation(1, routes, List.of(), Duration.ofHours(1)), usual).find(request);
        return found == null ? null : found.name();
    }
}
