package io.millrace.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How the inputs and the score were distributed in training, kept with the model: drift is the distance from here.
 *
 * @param examples that it was counted over
 * @param features by name, after their transforms; vectors have none
 * @param score of the model's own scores
 */
public record Reference(long examples, Map<String, Bins> features, Bins score) {
    public Reference {
        if (examples < 1) {
            throw new IllegalArgumentException("reference.examples " + examples + ": expected 1 or more");
        }
        // In the order of their names: the same manifest is written as the same bytes.
        features = features == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(features));
        Objects.requireNonNull(score, "reference.score");
    }

    /**
     * A histogram of fixed bins: bin i holds the values v with {@code edges[i-1] < v <= edges[i]}; the first and the last
     * bin are open to their outer side.
     *
     * @param edges ascending; one less than there are bins
     * @param shares of the examples in each bin; they add up to 1
     */
    public record Bins(List<Float> edges, List<Double> shares) {
        public static final int MOST = 100;

        public Bins {
            edges = List.copyOf(edges);
            shares = List.copyOf(shares);
            if (shares.size() != edges.size() + 1 || shares.size() > MOST) {
                throw new IllegalArgumentException("bins of " + edges.size() + " edges and " + shares.size()
                        + " shares: expected one more share than edges, at most " + MOST);
            }
            for (int i = 1; i < edges.size(); i++) {
                if (!(edges.get(i - 1) < edges.get(i))) {
                    throw new IllegalArgumentException("bins with edges " + edges + ": expected ascending numbers");
                }
            }
            double sum = 0;
            for (double share : shares) {
                if (!(share >= 0 && share <= 1)) {
                    throw new IllegalArgumentException("bins with share " + share + ": expected 0 to 1");
                }
                sum += share;
            }
            if (Math.abs(sum - 1) > 1e-3) {
                throw new IllegalArgumentException("bins whose shares add up to " + sum + ": expected 1");
            }
        }

        /** Which bin a value belongs to. */
        public int bin(float value) {
            int low = 0;
            int high = edges.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (value <= edges.get(middle)) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }
    }
}
