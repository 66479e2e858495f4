package io.millrace.processor.topology;

import io.millrace.identity.ModelVersion;
import io.millrace.identity.Sha256;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.OutcomeSpec;
import io.millrace.model.Reference;
import io.millrace.model.Selection;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fixtures in torchscript as models: they sum four inputs, apart from what they break on. */
final class FixtureModels {
    /** The properties a to d. */
    static final List<FeatureSpec> PROPERTIES =
            Stream.of("a", "b", "c", "d").map(FixtureModels::property).toList();

    private FixtureModels() {}

    /** @param event that it scores */
    static LoadedModel load(ModelVersion model, String fixture, String event, List<FeatureSpec> features)
            throws Exception {
        return load(model, fixture, event, features, 10, null, null);
    }

    static LoadedModel load(
            ModelVersion model,
            String fixture,
            String event,
            List<FeatureSpec> features,
            float threshold,
            @Nullable OutcomeSpec outcome,
            @Nullable Reference reference)
            throws Exception {
        byte[] artifact;
        try (InputStream in = FixtureModels.class.getResourceAsStream("/torchscript/" + fixture + ".pt")) {
            artifact = Objects.requireNonNull(in, fixture).readAllBytes();
        }
        Manifest manifest = new Manifest(
                model,
                Manifest.Kind.TORCHSCRIPT,
                fixture + ".pt",
                Sha256.of(artifact),
                new Selection(List.of(event), List.of()),
                features,
                null,
                List.of(Manifest.FEATURES),
                new Manifest.Output(0, Manifest.Output.Activation.NONE),
                "big",
                threshold,
                null,
                outcome,
                reference,
                new Manifest.Provenance("nothing", "Apache-2.0", null, Map.of()));
        return LoadedModel.load(ModelFiles.of(manifest, artifact), ModelLimits.DEFAULT);
    }

    static FeatureSpec property(String name) {
        return new FeatureSpec.Property(name, name, null, 0, null, null);
    }
}
