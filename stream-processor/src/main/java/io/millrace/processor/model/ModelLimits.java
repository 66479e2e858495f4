package io.millrace.processor.model;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model may cost.
 *
 * @param largestArtifact in bytes
 * @param trial how long loading and the first runs may take together
 * @param buckets the batch sizes that the model ever sees, ascending; a batch is padded up to the next of them, because
 *     TorchScript optimises anew for each size it meets
 */
public record ModelLimits(long largestArtifact, Duration trial, List<Integer> buckets) {
    public static final ModelLimits DEFAULT =
            new ModelLimits(256L << 20, Duration.ofSeconds(30), List.of(1, 8, 64, 256, 1024));

    /** The usual sizes, none beyond the largest. */
    public static List<Integer> buckets(int largest) {
        return IntStream.concat(
                        DEFAULT.buckets().stream().mapToInt(Integer::intValue).filter(size -> size < largest),
                        IntStream.of(largest))
                .boxed()
                .toList();
    }

    public ModelLimits {
        buckets = List.copyOf(buckets);
        if (largestArtifact < 1) {
            throw new IllegalArgumentException("largestArtifact " + largestArtifact + ": expected 1 byte or more");
        }
        if (trial.isZero() || trial.isNegative()) {
            throw new IllegalArgumentException("trial " + trial + ": expected a positive duration");
        }
        if (buckets.isEmpty()) {
            throw new IllegalArgumentException("buckets: expected one or more");
        }
        int previous = 0;
        for (int bucket : buckets) {
            if (bucket <= previous) {
                throw new IllegalArgumentException("buckets " + buckets + ": expected ascending sizes from 1");
            }
            previous = bucket;
        }
    }
}
