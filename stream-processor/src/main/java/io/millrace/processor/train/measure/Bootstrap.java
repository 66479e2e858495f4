package io.millrace.processor.train.measure;

import io.millrace.identity.UserKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Draws users with replacement: whole users, because the examples of one are alike. The same draws for all models. */
public final class Bootstrap {
    private static final int DRAWS = 2000;
    private static final long SEED = 20191001;

    private final int[] users;
    private final int count;

    private Bootstrap(List<UserKey> keys) {
        Map<UserKey, Integer> indices = new HashMap<>();
        users = new int[keys.size()];
        for (int i = 0; i < users.length; i++) {
            Integer known = indices.putIfAbsent(keys.get(i), indices.size());
            users[i] = known == null ? indices.size() - 1 : known;
        }
        count = indices.size();
    }

    /** Draws the users of examples, one an example. */
    public static Bootstrap ofUsers(List<UserKey> users) {
        return new Bootstrap(users);
    }

    /** A figure with its 95 % confidence interval. */
    public Interval interval(ToDoubleFunction<int[]> figure, int[] once) {
        return intervals(List.of(figure), once).get(0);
    }

    /** Figures with their intervals, all over the same draws. Draws are made again, not kept: they would fill memory. */
    public List<Interval> intervals(List<ToDoubleFunction<int[]>> figures, int[] once) {
        double[][] draws = new double[figures.size()][DRAWS];
        int[] times = new int[count];
        int[] weights = new int[users.length];
        Random random = new Random(SEED);
        for (int draw = 0; draw < DRAWS; draw++) {
            Arrays.fill(times, 0);
            for (int i = 0; i < count; i++) {
                times[random.nextInt(count)]++;
            }
            for (int i = 0; i < users.length; i++) {
                weights[i] = times[users[i]];
            }
            for (int f = 0; f < draws.length; f++) {
                draws[f][draw] = figures.get(f).applyAsDouble(weights);
            }
        }
        return IntStream.range(0, draws.length)
                .mapToObj(f -> Interval.of(figures.get(f).applyAsDouble(once), draws[f]))
                .toList();
    }
}
