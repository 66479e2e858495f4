package io.millrace.ingest.publish;

import java.time.Duration;

/**
 * How events go to Kafka.
 *
 * @param bootstrap Kafka's addresses
 * @param partitions of topics that are created
 * @param replication of topics that are created; -1 for the broker's default
 * @param linger how long a record waits for company
 * @param bufferBytes of records that are not acknowledged yet
 * @param deliveryTimeout after which a record counts as not delivered
 * @param retryAfter what a client is told to wait when the broker does not answer
 */
public record PublishConfig(
        String bootstrap,
        int partitions,
        int replication,
        Duration linger,
        long bufferBytes,
        Duration deliveryTimeout,
        Duration retryAfter) {}
