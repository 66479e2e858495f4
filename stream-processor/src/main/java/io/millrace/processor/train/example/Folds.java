package io.millrace.processor.train.example;

import io.millrace.processor.train.config.TrainConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Examples split as a model in service meets them. The test is the latest part in time, and everything that training
 * sees, labels included, was known before it began: examples whose outcome reaches into the test are dropped. The
 * earlier part is divided for cross-validation by users, chosen by a hash, so that no user is in two parts; or by time
 * again, into what is learnt from and, later by the same gap, what it is validated on.
 *
 * @param parts of what training may see: two or more that take turns, or the earlier and the later
 * @param test looked at once
 * @param byTime whether the second part is later than the first, and they do not take turns
 */
public record Folds(List<List<Example>> parts, List<Example> test, boolean byTime) {
    public Folds {
        parts = parts.stream().map(List::copyOf).toList();
        test = List.copyOf(test);
        if (test.isEmpty() || parts.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException(parts.stream().map(List::size).toList() + " examples for training, "
                    + test.size() + " for the test: expected some in each part");
        }
    }

    /** Splits examples that are in time order. */
    public static Folds of(List<Example> examples, TrainConfig.Split split, Duration within) {
        long testFrom = from(examples, split.test());
        List<Example> test =
                examples.stream().filter(example -> example.time() >= testFrom).toList();
        if (split.validation() > 0) {
            long validFrom = from(examples, split.test() + split.validation());
            return new Folds(
                    List.of(
                            between(examples, Long.MIN_VALUE, validFrom - within.toMillis()),
                            between(examples, validFrom, testFrom - within.toMillis())),
                    test,
                    true);
        }
        List<List<Example>> parts = parts(split);
        for (Example example : between(examples, Long.MIN_VALUE, testFrom - within.toMillis())) {
            parts.get((int) (UserHash.PART.of(example.user()) * split.parts())).add(example);
        }
        return new Folds(parts, test, false);
    }

    /** When the latest share of the examples begins. */
    private static long from(List<Example> examples, double share) {
        return examples.get(Math.min((int) ((1 - share) * examples.size()), examples.size() - 1))
                .time();
    }

    private static List<Example> between(List<Example> examples, long from, long to) {
        return examples.stream()
                .filter(example -> example.time() >= from && example.time() < to)
                .toList();
    }

    private static List<List<Example>> parts(TrainConfig.Split split) {
        return Stream.generate(() -> (List<Example>) new ArrayList<Example>())
                .limit(split.parts())
                .toList();
    }

    /** Splits rows of a table, which have no time: the test is a share of them, chosen by a hash. */
    public static Folds ofRows(List<Example> rows, TrainConfig.Split split) {
        if (split.parts() == 0) {
            throw new IllegalArgumentException(
                    "split.validation: given, and rows of a table have no time; expected split.parts");
        }
        List<Example> test = new ArrayList<>();
        List<List<Example>> parts = parts(split);
        for (Example row : rows) {
            boolean inTest = UserHash.TEST.of(row.user()) < split.test();
            (inTest ? test : parts.get((int) (UserHash.PART.of(row.user()) * split.parts()))).add(row);
        }
        return new Folds(parts, test, false);
    }

    /** All that training may see. */
    public List<Example> train() {
        return parts.stream().flatMap(List::stream).toList();
    }

    /** All but one part. */
    public List<Example> without(int part) {
        return IntStream.range(0, parts.size())
                .filter(i -> i != part)
                .mapToObj(parts::get)
                .flatMap(List::stream)
                .toList();
    }

    /** The examples whose scores, by models that did not learn from them, choose between models. */
    public List<Example> held() {
        return byTime ? parts.get(1) : train();
    }

    /** The examples that the model that is kept learns from. */
    public List<Example> learnt() {
        return byTime ? parts.get(0) : train();
    }
}
