package io.millrace.processor.feature;

/**
 * A numeric array of an event's properties.
 *
 * @param size how many elements the array has; −1 where the value is no array of float32 numbers
 * @param values the first of them, as many as any feature wants
 */
record FloatVector(int size, float[] values) {
    static final FloatVector MALFORMED = new FloatVector(-1, new float[0]);
}
