package io.millrace.processor.evaluate;

import io.millrace.identity.UserKey;
import java.util.List;

/**
 * Scored examples, column by column.
 *
 * @param users whose
 * @param scores of the model
 * @param labels what came true
 * @param dimensions what the examples can be told apart by
 */
record Judged(List<UserKey> users, float[] scores, boolean[] labels, List<Dimension> dimensions) {
    /**
     * One way to tell examples apart.
     *
     * @param name as the report says it
     * @param values one an example
     * @param order of the values where they have one of their own; else empty, and the most frequent comes first
     */
    record Dimension(String name, List<String> values, List<String> order) {
        Dimension {
            values = List.copyOf(values);
            order = List.copyOf(order);
        }
    }

    int size() {
        return scores.length;
    }

    int positives() {
        int count = 0;
        for (boolean label : labels) {
            count += label ? 1 : 0;
        }
        return count;
    }
}
