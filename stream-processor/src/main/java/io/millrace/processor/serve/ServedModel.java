package io.millrace.processor.serve;

import io.millrace.grpc.v1.FeatureType;
import io.millrace.grpc.v1.LoadedModel;
import io.millrace.grpc.v1.ModelRef;
import io.millrace.grpc.v1.SequenceType;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import io.millrace.processor.score.ActiveModel;
import java.util.Locale;

/** A model with what every answer says of it, made once. Immutable. */
final class ServedModel {
    private static final String DTYPE = "float32";

    private final ActiveModel active;
    private final Manifest manifest;
    private final ModelRef ref;
    private final InputsReader reader;

    ServedModel(ActiveModel active) {
        this.active = active;
        this.manifest = active.loaded().manifest();
        this.ref = ModelRef.newBuilder()
                .setName(manifest.model().name())
                .setVersion(manifest.model().version())
                .setSha256(manifest.sha256().hex())
                .setRole(active.role().text())
                .build();
        this.reader = new InputsReader(manifest);
    }

    ActiveModel active() {
        return active;
    }

    Manifest manifest() {
        return manifest;
    }

    String name() {
        return manifest.model().name();
    }

    String version() {
        return manifest.model().version();
    }

    ModelRef ref() {
        return ref;
    }

    InputsReader reader() {
        return reader;
    }

    LoadedModel describe() {
        LoadedModel.Builder model = LoadedModel.newBuilder()
                .setModel(ref)
                .setKind(manifest.kind().name().toLowerCase(Locale.ROOT))
                .setLabel(manifest.label())
                .setThreshold(manifest.threshold());
        for (FeatureSpec feature : manifest.features()) {
            FeatureType.Builder type =
                    FeatureType.newBuilder().setName(feature.name()).setDtype(DTYPE);
            if (feature instanceof FeatureSpec.Vector vector) {
                type.addShape(vector.size());
            }
            model.addFeatures(type);
        }
        SequenceSpec sequence = manifest.sequence();
        if (sequence != null) {
            model.setSequence(SequenceType.newBuilder()
                    .addAllNames(sequence.stepNames())
                    .setDtype(DTYPE)
                    .addShape(sequence.length())
                    .addShape(sequence.width()));
        }
        return model.build();
    }
}
