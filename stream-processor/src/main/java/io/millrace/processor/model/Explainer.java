package io.millrace.processor.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.translate.TranslateException;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.processor.model.Explanation.Contribution;
import io.millrace.processor.model.Explanation.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds what each input contributed to a model's output. The baseline is the mean of training where the manifest has one
 * (kind djl) and zeros elsewhere; steps that are padding stay as they are. Belongs to the calling thread for one call.
 */
final class Explainer {
    /** Points on the way from the baseline: the mean of their gradients is the integral's midpoint rule. */
    private static final int[] STEPS = {64, 512};
    /** Of the difference that is to be explained; above it more points are taken. */
    private static final double GOOD_ENOUGH = 1e-3;

    private final Manifest manifest;
    private final TorchModule module;
    private final Inputs inputs;
    private final float[] values;
    private final float[] dense;
    private final float[] steps;
    private final float[] stepsBaseline;
    private final BatchTensors tensors;

    private Explainer(Manifest manifest, TorchModule module, Inputs inputs) {
        this.manifest = manifest;
        this.module = module;
        this.inputs = inputs;
        this.values = inputs.values();
        Manifest.Network network = manifest.network();
        this.dense = network == null ? new float[values.length] : floats(network.mean(), values.length);
        Inputs.Sequence sequence = inputs.sequence();
        this.steps = sequence == null ? new float[0] : sequence.values();
        this.stepsBaseline = stepsBaseline(network, steps.length);
        this.tensors = new BatchTensors(manifest, STEPS[STEPS.length - 1]);
    }

    private static float[] floats(List<Float> given, int length) {
        float[] floats = new float[length];
        for (int i = 0; i < Math.min(length, given.size()); i++) {
            floats[i] = given.get(i);
        }
        return floats;
    }

    private static float[] stepsBaseline(Manifest.@Nullable Network network, int length) {
        float[] baseline = new float[length];
        Manifest.Recurrent recurrent = network == null ? null : network.recurrent();
        if (recurrent != null) {
            for (int i = 0; i < length; i++) {
                baseline[i] = recurrent.mean().get(i % recurrent.mean().size());
            }
        }
        return baseline;
    }

    static Explanation explain(Manifest manifest, TorchModule module, Inputs inputs) throws ModelFailedException {
        Explainer explainer = new Explainer(manifest, module, inputs);
        TorchThreads.training();
        try {
            return explainer.byGradients();
        } catch (TranslateException | RuntimeException e) {
            // DJL runs scripts without gradients; they can still be asked what they say without a feature.
            return explainer.byOcclusion();
        } finally {
            TorchThreads.inference();
        }
    }

    private Explanation byGradients() throws TranslateException, ModelFailedException {
        float[] ends = outputs(List.of(at(0), at(1)));
        Manifest.Network network = manifest.network();
        boolean isLinear = network != null && network.hidden().isEmpty() && network.recurrent() == null;
        Explanation found = null;
        for (int points : isLinear ? new int[] {1} : STEPS) {
            found = explanation(
                    isLinear ? Method.LINEAR : Method.INTEGRATED_GRADIENTS, ends[0], ends[1], gradients(points));
            if (found.error() <= GOOD_ENOUGH * Math.max(1, Math.abs(found.output() - found.baselineOutput()))) {
                break;
            }
        }
        return Objects.requireNonNull(found);
    }

    /** Mean gradient × (value − baseline): dense values, then steps. */
    private double[] gradients(int points) throws TranslateException {
        List<Inputs> way = new ArrayList<>();
        for (int k = 0; k < points; k++) {
            way.add(at((k + 0.5) / points));
        }
        double[] products = new double[values.length + steps.length];
        tensors.fill(way, points);
        try (NDManager manager = module.batchManager()) {
            NDList given = tensors.tensors(manager, points);
            given.forEach(tensor -> tensor.setRequiresGradient(true));
            NDArray sum = column(module.forward(given)).sum();
            try (NDArray one = manager.ones(sum.getShape(), sum.getDataType())) {
                JniUtils.backward((PtNDArray) sum, (PtNDArray) one, false, false);
            }
            for (int input = 0; input < given.size(); input++) {
                boolean isSequence = manifest.inputs().get(input).equals(Manifest.SEQUENCE);
                float[] gradient = given.get(input).getGradient().toFloatArray();
                int stride = gradient.length / points;
                float[] to = isSequence ? steps : values;
                float[] from = isSequence ? stepsBaseline : dense;
                // Padding stands before the steps.
                int padding = stride - to.length;
                for (int i = 0; i < to.length; i++) {
                    double mean = 0;
                    for (int k = 0; k < points; k++) {
                        mean += gradient[k * stride + padding + i];
                    }
                    products[(isSequence ? values.length : 0) + i] = mean / points * (to[i] - from[i]);
                }
            }
        }
        return products;
    }

    private Explanation byOcclusion() throws ModelFailedException {
        int width = inputs.sequence() == null ? 0 : inputs.sequence().names().size();
        List<Inputs> without = new ArrayList<>(List.of(at(0), at(1)));
        int at = 0;
        for (Inputs.Slot slot : inputs.slots()) {
            float[] changed = values.clone();
            System.arraycopy(dense, at, changed, at, slot.width());
            at += slot.width();
            without.add(new Inputs(inputs.slots(), changed, inputs.sequence()));
        }
        for (int feature = 0; feature < width; feature++) {
            float[] changed = steps.clone();
            for (int i = feature; i < steps.length; i += width) {
                changed[i] = stepsBaseline[i];
            }
            without.add(new Inputs(inputs.slots(), values, sequence(changed)));
        }
        float[] outputs = outputs(without);
        double[] products = new double[values.length + steps.length];
        at = 0;
        for (int slot = 0; slot < inputs.slots().size(); slot++) {
            products[at] = outputs[1] - outputs[2 + slot];
            at += inputs.slots().get(slot).width();
        }
        for (int feature = 0; feature < width && steps.length > 0; feature++) {
            products[values.length + feature] =
                    outputs[1] - outputs[2 + inputs.slots().size() + feature];
        }
        return explanation(Method.OCCLUSION, outputs[0], outputs[1], products);
    }

    private Explanation explanation(Method method, double from, double to, double[] products) {
        List<Contribution> features = new ArrayList<>();
        int at = 0;
        for (Inputs.Slot slot : inputs.slots()) {
            double sum = Arrays.stream(products, at, at + slot.width()).sum();
            features.add(new Contribution(slot.name(), sum));
            at += slot.width();
        }
        List<Contribution> sequence = new ArrayList<>();
        List<String> names =
                inputs.sequence() == null ? List.of() : inputs.sequence().names();
        for (int feature = 0; feature < names.size(); feature++) {
            double sum = 0;
            for (int i = values.length + feature; i < products.length; i += names.size()) {
                sum += products[i];
            }
            sequence.add(new Contribution(names.get(feature), sum));
        }
        double error = Math.abs(Arrays.stream(products).sum() - (to - from));
        boolean logit = manifest.output().activation() == Manifest.Output.Activation.SIGMOID;
        return new Explanation(method, logit, to, from, error, features, sequence);
    }

    /** A point on the way: 0 is the baseline, 1 the inputs. */
    private Inputs at(double share) {
        return new Inputs(
                inputs.slots(), between(dense, values, share), sequence(between(stepsBaseline, steps, share)));
    }

    private Inputs.@Nullable Sequence sequence(float[] changed) {
        Inputs.Sequence sequence = inputs.sequence();
        return sequence == null ? null : new Inputs.Sequence(sequence.names(), sequence.steps(), changed);
    }

    private static float[] between(float[] from, float[] to, double share) {
        float[] between = new float[to.length];
        for (int i = 0; i < to.length; i++) {
            between[i] = (float) (from[i] + share * ((double) to[i] - from[i]));
        }
        return between;
    }

    /** The model's own output, before any activation of ours. At most as many rows as the greatest number of points. */
    private float[] outputs(List<Inputs> rows) throws ModelFailedException {
        float[] outputs = new float[rows.size()];
        int most = STEPS[STEPS.length - 1];
        for (int from = 0; from < rows.size(); from += most) {
            List<Inputs> some = rows.subList(from, Math.min(rows.size(), from + most));
            tensors.fill(some, some.size());
            try (NDManager manager = module.batchManager()) {
                float[] found = column(module.forward(tensors.tensors(manager, some.size())))
                        .toFloatArray();
                System.arraycopy(found, 0, outputs, from, found.length);
            } catch (TranslateException | RuntimeException e) {
                throw new ModelFailedException(manifest.model() + " cannot be explained: " + Sentence.of(e), e);
            }
        }
        return outputs;
    }

    private NDArray column(NDArray answer) {
        return answer.getShape().dimension() == 1
                ? answer
                : answer.get(new NDIndex(":, " + manifest.output().column()));
    }
}
