package io.millrace.processor.move;

import io.millrace.codec.DecodeException;
import io.millrace.codec.PipelineCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.layout.Pipeline;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The pen: whoever holds it moves the pipeline, and nobody else. Taking it ends whatever another holder was writing, its copying
 * included, for all share one transactional id. Not thread-safe.
 */
final class Control implements AutoCloseable {
    private static final TopicPartition PIPELINE = new TopicPartition(Topic.PIPELINE.topicName(), 0);
    private static final byte[] KEY = "pipeline".getBytes(StandardCharsets.UTF_8);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final int TRANSACTION_MILLIS = 60_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Duration patience;
    private Pipeline pipeline = Pipeline.FIRST;

    private Control(MoveConfig config) {
        this.patience = config.patience();
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        config.bootstrap(),
                        ProducerConfig.CLIENT_ID_CONFIG,
                        "millrace-scale",
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "millrace-scale",
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        TRANSACTION_MILLIS,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        config.patience().toMillis(),
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        config.bootstrap(),
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "millrace-scale-pipeline",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(PIPELINE));
        consumer.seekToBeginning(List.of(PIPELINE));
    }

    /** Only looks; another may hold the pen. */
    static Pipeline look(MoveConfig config) throws MoveFailedException {
        try (Control control = new Control(config)) {
            control.readToEnd(0);
            return control.pipeline;
        }
    }

    /** Takes the pen, and reads what was written last. */
    static Control take(MoveConfig config) throws MoveFailedException {
        Control control = new Control(config);
        boolean taken = false;
        try {
            control.producer.initTransactions();
            control.readToEnd(0);
            taken = true;
            return control;
        } finally {
            if (!taken) {
                control.close();
            }
        }
    }

    /** Of which all transactions are the holder's; stays this one's. */
    KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    /**
     * Writes a change, and waits until whoever looks from now on sees it.
     *
     * @return since when that is so, by {@link System#nanoTime}
     */
    long write(Pipeline changed) throws MoveFailedException, InterruptedException {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(PIPELINE.topic(), PIPELINE.partition(), KEY, PipelineCodec.encode(changed));
        RecordHeaders.put(record.headers(), RecordHeaders.Schema.PIPELINE, null);
        try {
            producer.beginTransaction();
            Future<RecordMetadata> sent = producer.send(record);
            producer.commitTransaction();
            readToEnd(sent.get().offset() + 1);
        } catch (ExecutionException e) {
            throw new KafkaException("a record on pipeline was not taken", e.getCause());
        }
        if (pipeline.revision() != changed.revision()) {
            throw new MoveFailedException("another has changed the pipeline: look, and run it again");
        }
        return System.nanoTime();
    }

    private void readToEnd(long atLeast) throws MoveFailedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long end = Math.max(atLeast, consumer.endOffsets(List.of(PIPELINE)).getOrDefault(PIPELINE, 0L));
        while (consumer.position(PIPELINE) < end) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                take(found);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new MoveFailedException("topic pipeline cannot be read to its end within " + patience);
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> found) throws MoveFailedException {
        try {
            if (found.value() != null) {
                pipeline = PipelineCodec.decode(found.value());
            }
        } catch (DecodeException e) {
            throw new MoveFailedException("the record on topic pipeline is of a later release: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
        consumer.close();
    }
}
