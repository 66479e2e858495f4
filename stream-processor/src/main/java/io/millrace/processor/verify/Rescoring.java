package io.millrace.processor.verify;

import io.millrace.prediction.Inputs;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.Scorer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Scores rows again in every batch size that the stream may have scored them in. Matrix products of different sizes add up
 * in different orders, so the last bits of a score depend on the size of its batch, which is not stored: a row is the same
 * bit for bit where one of the sizes gives its bits. Belongs to one thread.
 */
final class Rescoring {
    private final Scorer scorer;
    private final List<Integer> buckets;

    /** @param buckets ascending */
    Rescoring(Scorer scorer, List<Integer> buckets) {
        this.scorer = scorer;
        this.buckets = buckets;
    }

    /** What a row was stored with, and the score of now that is nearest to it. */
    static final class Row {
        final Inputs inputs;
        final float stored;
        float nearest = Float.NaN;

        Row(Inputs inputs, float stored) {
            this.inputs = inputs;
            this.stored = stored;
        }

        boolean isEqual() {
            return Float.floatToIntBits(nearest) == Float.floatToIntBits(stored);
        }

        void take(float score) {
            // Not a number is nearer than nothing, and farther than any number.
            if (Float.isNaN(nearest) || Math.abs(score - stored) < Math.abs(nearest - stored)) {
                nearest = score;
            }
        }
    }

    /**
     * Scores the rows, those again in the next size that were not met bit for bit.
     *
     * @param met is told how many rows need no other size
     * @throws ModelFailedException if the model throws
     */
    void score(List<Row> rows, IntConsumer met) throws ModelFailedException {
        List<Row> left = rows;
        for (int bucket : buckets) {
            List<Row> unequal = new ArrayList<>();
            for (int from = 0; from < left.size(); from += bucket) {
                List<Row> some = left.subList(from, Math.min(left.size(), from + bucket));
                score(some, bucket);
                some.stream().filter(row -> !row.isEqual()).forEach(unequal::add);
            }
            met.accept(left.size() - unequal.size());
            left = unequal;
        }
        met.accept(left.size());
    }

    /** A batch of less is filled up with its first row: the scorer would take a smaller bucket. */
    private void score(List<Row> rows, int bucket) throws ModelFailedException {
        List<Inputs> batch = new ArrayList<>(bucket);
        rows.forEach(row -> batch.add(row.inputs));
        while (batch.size() < bucket) {
            batch.add(batch.get(0));
        }
        float[] scores = scorer.score(batch);
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i).take(scores[i]);
        }
    }
}
