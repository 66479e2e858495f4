package io.millrace.processor.train;

import io.millrace.processor.model.TrainingSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Examples split as a model in service meets them. The test is the latest part in time, and everything that training
 * sees, labels included, was known before it began: examples whose target window reaches into the test are dropped. The
 * earlier part is divided for cross-validation by users, chosen by a hash: no user is in two parts.
 *
 * @param parts of what training may see, three or more
 * @param test looked at once
 */
record Folds(List<List<Example>> parts, List<Example> test) {
    Folds {
        parts = parts.stream().map(List::copyOf).toList();
        test = List.copyOf(test);
        if (test.isEmpty() || parts.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException(parts.stream().map(List::size).toList() + " examples for training, "
                    + test.size() + " for the test: expected some in each part");
        }
    }

    /** Splits examples that are in time order. */
    static Folds of(List<Example> examples, TrainConfig.Split split, Duration targetWithin) {
        int first = Math.min((int) ((1 - split.test()) * examples.size()), examples.size() - 1);
        long testFrom = examples.get(first).time();
        long trainTo = testFrom - targetWithin.toMillis();
        List<List<Example>> parts = Stream.generate(() -> (List<Example>) new ArrayList<Example>())
                .limit(split.parts())
                .toList();
        List<Example> test = new ArrayList<>();
        for (Example example : examples) {
            if (example.time() >= testFrom) {
                test.add(example);
            } else if (example.time() < trainTo) {
                parts.get((int) (UserHash.PART.of(example.user()) * split.parts()))
                        .add(example);
            }
        }
        return new Folds(parts, test);
    }

    /** Splits rows of a table, which have no time: the test is a share of them, chosen by a hash. */
    static Folds ofRows(List<Example> rows, TrainConfig.Split split) {
        List<Example> test = new ArrayList<>();
        List<List<Example>> parts = Stream.generate(() -> (List<Example>) new ArrayList<Example>())
                .limit(split.parts())
                .toList();
        for (Example row : rows) {
            boolean inTest = UserHash.TEST.of(row.user()) < split.test();
            (inTest ? test : parts.get((int) (UserHash.PART.of(row.user()) * split.parts()))).add(row);
        }
        return new Folds(parts, test);
    }

    /** All that training may see. */
    List<Example> train() {
        return parts.stream().flatMap(List::stream).toList();
    }

    /** All but one part. */
    List<Example> without(int part) {
        return IntStream.range(0, parts.size())
                .filter(i -> i != part)
                .mapToObj(parts::get)
                .flatMap(List::stream)
                .toList();
    }

    static TrainingSet set(List<Example> examples) {
        int width = examples.get(0).inputs().values().length;
        float[] values = new float[examples.size() * width];
        float[] labels = new float[examples.size()];
        for (int i = 0; i < labels.length; i++) {
            System.arraycopy(examples.get(i).inputs().values(), 0, values, i * width, width);
            labels[i] = examples.get(i).positive() ? 1 : 0;
        }
        return new TrainingSet(width, values, labels);
    }
}
