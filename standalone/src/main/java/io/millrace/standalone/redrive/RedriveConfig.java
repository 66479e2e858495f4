package io.millrace.standalone.redrive;

import io.millrace.ingest.validate.ValidationLimits;
import java.time.Duration;

/**
 * How letters are put back.
 *
 * @param bootstrap Kafka's addresses
 * @param choice of letters
 * @param mostAttempts letters that were tried so often stay
 * @param rate events a second, at most
 * @param limits of the door, for what it refused
 * @param patience for a broker's answer
 */
public record RedriveConfig(
        String bootstrap, Choice choice, int mostAttempts, int rate, ValidationLimits limits, Duration patience) {}
