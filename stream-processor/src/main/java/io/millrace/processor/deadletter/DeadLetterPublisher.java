package io.millrace.processor.deadletter;

import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.codec.RecordHeaders.Schema;
import io.millrace.deadletter.DeadLetter;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Puts dead letters on their topic for those who stand outside the topology, the store's writer first. Thread-safe. */
public final class DeadLetterPublisher implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final KafkaProducer<byte[], byte[]> producer;

    public DeadLetterPublisher(String bootstrap) {
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) TIMEOUT.toMillis(),
                        // Kafka wants linger and this to be less than the delivery timeout together.
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        (int) TIMEOUT.toMillis() / 3,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        TIMEOUT.toMillis()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /**
     * Returns once the letter is acknowledged by all replicas.
     *
     * @throws KafkaException if it is not
     */
    public void publish(DeadLetter letter) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topic.DEAD_LETTERS.topicName(), letter.key(), DeadLetterCodec.encode(letter));
        RecordHeaders.put(record.headers(), Schema.DEAD_LETTER, letter.traceparent());
        try {
            producer.send(record).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while a dead letter was sent", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("a dead letter was not acknowledged", e);
        }
    }

    @Override
    public void close() {
        producer.close(TIMEOUT);
    }
}
