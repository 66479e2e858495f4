package io.millrace.processor.train;

import io.millrace.identity.Sha256;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.Reference;
import io.millrace.model.SequenceSpec;
import io.millrace.prediction.Inputs;
import io.millrace.processor.model.FitSettings;
import io.millrace.processor.model.FittedNetwork;
import io.millrace.processor.model.InputShape;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.TrainingSet;
import io.millrace.processor.train.config.TrainConfig;
import io.millrace.processor.train.example.Example;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Something to fit, and how it looks at an example.
 *
 * @param name for the progress and the card
 * @param key for checkpoints
 * @param settings of the fit
 * @param draft its manifest, without what the fit gives
 * @param view what it reads of an example's inputs
 * @param ships whether it can serve; one that cannot is only compared with
 */
record Learner(
        String name, String key, FitSettings settings, Manifest draft, UnaryOperator<Inputs> view, boolean ships) {
    private static final String LAST_STEP = "last_step";

    /** The network that was asked for. */
    static Learner network(TrainConfig config) {
        return new Learner("network", "network", config.fit(), config.manifest(), inputs -> inputs, true);
    }

    /**
     * The baseline: logistic regression over the dense features; where none are declared, over the last step's values,
     * which no manifest can say, so that it cannot serve.
     */
    static Learner logistic(TrainConfig config) {
        Manifest draft = config.manifest();
        FitSettings settings = config.fit().logistic();
        if (draft.width() > 0) {
            Manifest dense = with(draft, draft.features(), null);
            return new Learner("logistic regression", "logistic", settings, dense, inputs -> inputs, true);
        }
        int width = InputShape.of(draft).stepWidth();
        List<FeatureSpec> last = List.of(new FeatureSpec.Vector(LAST_STEP, LAST_STEP, width));
        List<Inputs.Slot> slots = List.of(new Inputs.Slot(LAST_STEP, width));
        return new Learner(
                "logistic regression",
                "logistic",
                settings,
                with(draft, last, null),
                inputs -> new Inputs(slots, lastStep(inputs, width), null),
                false);
    }

    private static float[] lastStep(Inputs inputs, int width) {
        Inputs.Sequence sequence = inputs.sequence();
        float[] last = new float[width];
        if (sequence != null && sequence.steps() > 0) {
            System.arraycopy(sequence.values(), sequence.values().length - width, last, 0, width);
        }
        return last;
    }

    private static Manifest with(Manifest m, List<FeatureSpec> features, @Nullable SequenceSpec sequence) {
        return new Manifest(
                m.model(),
                m.kind(),
                m.artifact(),
                m.sha256(),
                m.selects(),
                features,
                sequence,
                List.of(Manifest.FEATURES),
                m.output(),
                m.label(),
                m.threshold(),
                new Manifest.Network(List.of(), List.of(), List.of(), null),
                m.outcome(),
                m.reference(),
                m.provenance());
    }

    TrainingSet set(List<Example> examples) {
        float[] labels = new float[examples.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = examples.get(i).positive() ? 1 : 0;
        }
        return TrainingSet.of(InputShape.of(draft), rows(examples), labels);
    }

    List<Inputs> rows(List<Example> examples) {
        return examples.stream().map(example -> view.apply(example.inputs())).toList();
    }

    ModelFiles files(FittedNetwork fitted, float threshold) throws ModelRefusedException {
        Manifest manifest = new Manifest(
                draft.model(),
                Manifest.Kind.DJL,
                TrainConfig.ARTIFACT,
                Sha256.of(fitted.artifact()),
                draft.selects(),
                draft.features(),
                draft.sequence(),
                draft.inputs(),
                new Manifest.Output(0, Manifest.Output.Activation.SIGMOID),
                draft.label(),
                threshold,
                fitted.network(),
                draft.outcome(),
                null,
                draft.provenance());
        return ModelFiles.of(manifest, fitted.artifact());
    }

    /** The model as it is written: with its figures, and the distributions that drift is measured against. */
    static ModelFiles finished(ModelFiles files, Judgement test, Reference reference) throws ModelRefusedException {
        Manifest m = files.manifest();
        Manifest.Provenance p = m.provenance();
        Manifest manifest = m.with(
                m.outcome(),
                reference,
                new Manifest.Provenance(p.trainedOn(), p.licence(), p.attribution(), test.metrics()));
        return ModelFiles.of(manifest, files.artifact());
    }
}
