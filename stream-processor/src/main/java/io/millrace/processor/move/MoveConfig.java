package io.millrace.processor.move;

import java.time.Duration;

/**
 * What a move needs to know.
 *
 * @param bootstrap Kafka's addresses
 * @param applicationId the processors' {@code processor.application-id}
 * @param rate how many records of state are copied a second while the pipeline runs; more where more are written
 * @param patience for anything that should come by itself: a broker's answer, a processor that takes part
 */
public record MoveConfig(String bootstrap, String applicationId, int rate, Duration patience) {}
