package io.millrace.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.Sha256;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code model.yaml}: everything Millrace must know of a model beside its artifact.
 *
 * <p>Tensors: input {@code features} is float32 {@code [batch, sum of widths]} in the order of {@code features}; input
 * {@code sequence}, where declared, is float32 {@code [batch, length, step width]}. The output is float32 {@code [batch]}
 * or {@code [batch, columns]}, of which column {@code output.column} is the score.
 *
 * @param model name and version
 * @param kind what the artifact is
 * @param artifact file name beside the manifest
 * @param sha256 of the artifact
 * @param selects which events it scores
 * @param features dense inputs, in tensor order
 * @param sequence the sequence input, or null
 * @param inputs the tensors' names, in the order the model takes them: {@code features}, {@code sequence}
 * @param output where the score is
 * @param label what a high score says
 * @param threshold at or above which the label holds
 * @param network the layers, for kind djl
 * @param outcome how the stream tells later whether the label was true, or null
 * @param reference the distributions in training, or null
 * @param provenance where it comes from
 */
public record Manifest(
        ModelVersion model,
        Kind kind,
        String artifact,
        Sha256 sha256,
        Selection selects,
        List<FeatureSpec> features,
        @Nullable SequenceSpec sequence,
        List<String> inputs,
        Output output,
        String label,
        float threshold,
        @Nullable Network network,
        @Nullable OutcomeSpec outcome,
        @Nullable Reference reference,
        Provenance provenance) {
    public static final String FILE_NAME = "model.yaml";
    public static final String FEATURES = "features";
    public static final String SEQUENCE = "sequence";

    /** What the artifact is. */
    public enum Kind {
        /** A TorchScript file, made by anybody's PyTorch. */
        @JsonProperty("torchscript")
        TORCHSCRIPT,
        /** Parameters saved by DJL, for the network in the manifest. */
        @JsonProperty("djl")
        DJL
    }

    /**
     * Where the score is in the model's output.
     *
     * @param column of a {@code [batch, columns]} output; 0 for {@code [batch]} and {@code [batch, 1]}
     * @param activation what turns the output into the score
     */
    public record Output(int column, @Nullable Activation activation) {
        /** What turns the output into the score. */
        public enum Activation {
            /** Nothing: the model's output is the score. */
            @JsonProperty("none")
            NONE,
            /** The logistic function: the model's output is a logit. */
            @JsonProperty("sigmoid")
            SIGMOID
        }
    }

    /**
     * A network of kind djl: standardize, then linear layers with ReLU between them, one logit out. Where it reads the
     * sequence, a recurrent layer does so first, and its last hidden state stands before the dense values in what the
     * linear layers are given.
     *
     * @param hidden units of each hidden layer; empty and without {@code recurrent} is logistic regression
     * @param mean subtracted from each dense value, one a value
     * @param scale divided by after, one a value, none of them 0
     * @param recurrent what reads the sequence, or null
     */
    public record Network(
            List<Integer> hidden,
            List<Float> mean,
            List<Float> scale,
            @Nullable Recurrent recurrent) {
        public Network {
            hidden = List.copyOf(hidden);
            mean = List.copyOf(mean);
            scale = List.copyOf(scale);
        }
    }

    /**
     * A recurrent layer over the sequence {@code [batch, length, step width]}. Steps that are padding stay zeros: they are
     * not standardized.
     *
     * @param cell which
     * @param units of the hidden state
     * @param mean subtracted from each value of a step, one a value
     * @param scale divided by after, one a value, none of them 0
     */
    public record Recurrent(Cell cell, int units, List<Float> mean, List<Float> scale) {
        /** Which recurrence. */
        public enum Cell {
            /** Gated recurrent unit (Cho et al. 2014). */
            @JsonProperty("gru")
            GRU,
            /** Long short-term memory (Hochreiter and Schmidhuber 1997). */
            @JsonProperty("lstm")
            LSTM
        }

        public Recurrent {
            Objects.requireNonNull(cell, "network.recurrent.cell");
            mean = List.copyOf(mean);
            scale = List.copyOf(scale);
            if (units < 1) {
                throw new IllegalArgumentException("network.recurrent.units " + units + ": expected 1 or more");
            }
        }
    }

    /**
     * Where a model comes from.
     *
     * @param trainedOn the data, with its owner
     * @param licence of the model
     * @param attribution that the data's licence asks for
     * @param metrics on data the training never saw, by name
     */
    public record Provenance(
            String trainedOn, String licence, @Nullable String attribution, Map<String, Double> metrics) {
        public Provenance {
            // In the order of their names: the same manifest is written as the same bytes.
            metrics = metrics == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(metrics));
        }
    }

    public Manifest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(artifact, "artifact");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(selects, "selects");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(provenance, "provenance");
        features = List.copyOf(features);
        inputs = List.copyOf(inputs);
        if (artifact.contains("/") || artifact.contains("\\") || artifact.startsWith(".")) {
            throw new IllegalArgumentException(
                    "artifact \"" + artifact + "\": expected a file name beside the manifest");
        }
        if (kind == Kind.DJL && network == null) {
            throw new IllegalArgumentException("kind djl needs network");
        }
        if (outcome instanceof OutcomeSpec.Property own && reads(own.property(), features, sequence)) {
            throw new IllegalArgumentException("outcome.property \"" + own.property()
                    + "\" is read by a feature: expected one that no input sees, or the model is told the answer");
        }
        Set<String> names = new HashSet<>();
        for (FeatureSpec feature : features) {
            if (!names.add(feature.name())) {
                throw new IllegalArgumentException("feature " + feature.name() + " is declared twice");
            }
        }
        for (FeatureSpec feature : features) {
            if (feature instanceof FeatureSpec.Ratio ratio
                    && !(names.contains(ratio.numerator()) && names.contains(ratio.denominator()))) {
                throw new IllegalArgumentException("feature " + ratio.name() + ": expected numerator and denominator"
                        + " among the model's features");
            }
        }
        for (String input : inputs) {
            boolean known = input.equals(FEATURES) || (input.equals(SEQUENCE) && sequence != null);
            if (!known) {
                throw new IllegalArgumentException(
                        "input \"" + input + "\": expected features, or sequence where one is" + " declared");
            }
        }
    }

    private static boolean reads(String property, List<FeatureSpec> features, @Nullable SequenceSpec sequence) {
        return Stream.concat(features.stream(), sequence == null ? Stream.empty() : sequence.features().stream())
                .anyMatch(feature -> (feature instanceof FeatureSpec.Property p
                                && p.property().equals(property))
                        || (feature instanceof FeatureSpec.Aggregate a
                                && a.property().equals(property))
                        || (feature instanceof FeatureSpec.Distinct d
                                && d.property().equals(property))
                        || (feature instanceof FeatureSpec.Vector v
                                && v.property().equals(property)));
    }

    /** The same model, of which other things are known. */
    public Manifest with(@Nullable OutcomeSpec outcome, @Nullable Reference reference, Provenance provenance) {
        return new Manifest(
                model,
                kind,
                artifact,
                sha256,
                selects,
                features,
                sequence,
                inputs,
                output,
                label,
                threshold,
                network,
                outcome,
                reference,
                provenance);
    }

    /** How many values the dense input has. */
    public int width() {
        return features.stream().mapToInt(FeatureSpec::width).sum();
    }

    /** What a prediction with this score is labelled. */
    public String labelOf(float score) {
        return score >= threshold ? label : "not_" + label;
    }
}
