package io.millrace.processor.train;

import io.millrace.identity.UserKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Draws users with replacement: whole users, because the examples of one are alike. The same draws for all models. */
final class Bootstrap {
    private static final int DRAWS = 2000;
    private static final long SEED = 20191001;

    private final int[][] weights;

    Bootstrap(List<Example> examples) {
        Map<UserKey, Integer> indices = new HashMap<>();
        int[] users = new int[examples.size()];
        for (int i = 0; i < users.length; i++) {
            Integer known = indices.putIfAbsent(examples.get(i).user(), indices.size());
            users[i] = known == null ? indices.size() - 1 : known;
        }
        Random random = new Random(SEED);
        weights = new int[DRAWS][];
        for (int draw = 0; draw < DRAWS; draw++) {
            int[] times = new int[indices.size()];
            for (int i = 0; i < times.length; i++) {
                times[random.nextInt(times.length)]++;
            }
            weights[draw] = new int[users.length];
            for (int i = 0; i < users.length; i++) {
                weights[draw][i] = times[users[i]];
            }
        }
    }

    /** A figure with its 95 % confidence interval. */
    Interval interval(ToDoubleFunction<int[]> figure, int[] once) {
        double[] draws = new double[weights.length];
        for (int draw = 0; draw < draws.length; draw++) {
            draws[draw] = figure.applyAsDouble(weights[draw]);
        }
        return Interval.of(figure.applyAsDouble(once), draws);
    }
}
