package io.millrace.processor.evaluate;

import org.jspecify.annotations.Nullable;

/**
 * A figure that others published for the same task.
 *
 * @param what it is, such as "ROC AUC, gradient boosting"
 * @param beside key of our figure that it is put beside, such as rocAuc; null where none is of the same kind
 * @param figure as they wrote it
 * @param source where
 * @param split how theirs relates to ours: the same, or why it cannot be reproduced
 */
public record Published(
        String what,
        @Nullable String beside,
        String figure,
        @Nullable String source,
        String split) {}
