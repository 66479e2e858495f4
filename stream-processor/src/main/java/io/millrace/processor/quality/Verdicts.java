package io.millrace.processor.quality;

import io.millrace.prediction.Role;

/** Who is told what became of predictions. */
interface Verdicts {
    /** @param time of the scored event, in milliseconds since 1970 */
    void known(Rule rule, Role role, long time, float score, boolean positive);

    /** Nobody will know the outcome of the prediction. */
    void dropped(Rule rule, Role role, long time);
}
