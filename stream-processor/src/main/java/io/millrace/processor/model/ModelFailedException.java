package io.millrace.processor.model;

/**
 * A model that could not score a batch: it threw, or its answer had another shape than in its trial. The batch may hold
 * one row that it cannot take: the rows can be tried one by one.
 */
public final class ModelFailedException extends Exception {
    private static final long serialVersionUID = 1;

    ModelFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    ModelFailedException(String message) {
        super(message);
    }
}
