package io.millrace.processor.train;

import io.millrace.identity.UserKey;
import io.millrace.prediction.Inputs;

/**
 * One scored event of the past, with what came after it.
 *
 * @param user whose; examples of one user are not independent of each other
 * @param time of the event, in milliseconds since the epoch
 * @param inputs what the model would have been given
 * @param positive whether the target came true
 */
record Example(UserKey user, long time, Inputs inputs, boolean positive) {}
