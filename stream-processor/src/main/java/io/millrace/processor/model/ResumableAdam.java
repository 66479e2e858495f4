package io.millrace.processor.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.training.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adam (Kingma and Ba 2015) as DJL's own computes it, bit for bit; that one keeps its moments to itself, and without them
 * a fit that is resumed ends elsewhere.
 */
final class ResumableAdam extends Optimizer {
    private static final float BETA_1 = 0.9f;
    private static final float BETA_2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final float rate;
    private final Map<String, NDArray> means = new HashMap<>();
    private final Map<String, NDArray> variances = new HashMap<>();

    private static final class Settings extends OptimizerBuilder<Settings> {
        @Override
        protected Settings self() {
            return this;
        }
    }

    /** @param steps already done, of a fit that is resumed */
    ResumableAdam(float rate, float weightDecay, int steps) {
        super(new Settings().optWeightDecays(weightDecay).optBeginNumUpdate(steps));
        this.rate = rate;
    }

    /** Takes the moments that {@link #moments} gave, for parameters that have their arrays. */
    void restore(List<Parameter> parameters, List<float[]> moments) {
        for (int i = 0; i < parameters.size(); i++) {
            NDArray weight = parameters.get(i).getArray();
            String id = parameters.get(i).getId();
            means.put(id, weight.getManager().create(moments.get(i), weight.getShape()));
            variances.put(id, weight.getManager().create(moments.get(parameters.size() + i), weight.getShape()));
        }
    }

    /** Means of the parameters, then variances; of a parameter that had no step yet, zeros. */
    List<float[]> moments(List<Parameter> parameters) {
        List<float[]> all = new ArrayList<>();
        parameters.forEach(parameter -> all.add(array(means.get(parameter.getId()), parameter)));
        parameters.forEach(parameter -> all.add(array(variances.get(parameter.getId()), parameter)));
        return all;
    }

    private static float[] array(@Nullable NDArray array, Parameter parameter) {
        return array == null ? new float[Math.toIntExact(parameter.getArray().size())] : array.toFloatArray();
    }

    @Override
    public void update(String parameter, NDArray weight, NDArray gradient) {
        int step = updateCount(parameter);
        double first = 1.0 - Math.pow(BETA_1, step);
        double second = 1.0 - Math.pow(BETA_2, step);
        means.computeIfAbsent(parameter, id -> zeros(weight));
        variances.computeIfAbsent(parameter, id -> zeros(weight));
        NDList state = new NDList(
                weight,
                gradient,
                Objects.requireNonNull(means.get(parameter)),
                Objects.requireNonNull(variances.get(parameter)));
        float corrected = (float) (rate * Math.sqrt(second) / first);
        weight.getNDArrayInternal()
                .adamUpdate(
                        state,
                        new NDList(weight),
                        rate,
                        corrected,
                        getWeightDecay(),
                        rescaleGrad,
                        clipGrad,
                        BETA_1,
                        BETA_2,
                        EPSILON,
                        true,
                        false);
    }

    /** On the weight's own manager, which is closed with the fit. */
    private static NDArray zeros(NDArray weight) {
        return weight.getManager().zeros(weight.getShape());
    }
}
