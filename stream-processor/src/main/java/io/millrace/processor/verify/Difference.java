package io.millrace.processor.verify;

import io.millrace.prediction.StoredPrediction;

/**
 * A stored prediction that is not what its model says of its inputs.
 *
 * @param prediction as it is stored
 * @param sentence what differs: given what is stored, expected what is said now
 */
public record Difference(StoredPrediction prediction, String sentence) {}
