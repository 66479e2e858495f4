package io.millrace.standalone.redrive;

import io.millrace.codec.RecordHeaders;
import io.millrace.codec.RecordHeaders.Schema;
import io.millrace.codec.RedriveCodec;
import io.millrace.deadletter.Redrive;
import io.millrace.identity.Traceparent;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.pipeline.PipelineFollower;
import io.millrace.pipeline.Sighting;
import io.millrace.standalone.redrive.LetterContent.Put;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes events back and notes whose letters they are, in one transaction, and never behind the fence of a move of the
 * pipeline (docs/decisions/0028): it commits only while a sighting of the topic pipeline is valid in which nothing moves.
 * Holds the one transactional id of all redrives. Not thread-safe; whoever takes it closes it.
 */
final class EventWriter implements AutoCloseable {
    private static final String MOVING =
            "the pipeline is being moved to another number of partitions; run it again when"
                    + " millrace scale is done";
    private static final Duration LOOK = Duration.ofMillis(10);
    /** While a transaction is open, who reads its partitions waits: one that was killed must not keep them for long. */
    private static final int TRANSACTION_MILLIS = 10_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final PipelineFollower pipeline;
    private final Layout layout;
    private final Duration patience;

    /**
     * A letter on its way back.
     *
     * @param trace of the event
     */
    record Letter(
            Redrive redrive, List<Put> records, @Nullable Traceparent trace) {}

    private EventWriter(
            KafkaProducer<byte[], byte[]> producer, PipelineFollower pipeline, Layout layout, Duration patience) {
        this.producer = producer;
        this.pipeline = pipeline;
        this.layout = layout;
        this.patience = patience;
    }

    /**
     * Ends whatever another redrive was writing, which can write nothing more.
     *
     * @param pipeline stays the caller's
     */
    static EventWriter take(RedriveConfig config, PipelineFollower pipeline)
            throws RedriveFailedException, InterruptedException {
        Sighting seen = pipeline.await(config.patience());
        if (seen == null) {
            throw new RedriveFailedException(
                    "topic pipeline of " + config.bootstrap() + " was not read within " + config.patience(), null);
        }
        if (seen.pipeline().phase() != Pipeline.Phase.STEADY) {
            throw new RedriveFailedException(MOVING, null);
        }
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        config.bootstrap(),
                        ProducerConfig.CLIENT_ID_CONFIG,
                        "millrace-redrive",
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "millrace-redrive",
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        TRANSACTION_MILLIS,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        config.patience().toMillis(),
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        boolean taken = false;
        try {
            producer.initTransactions();
            taken = true;
            return new EventWriter(producer, pipeline, seen.pipeline().layout(), config.patience());
        } catch (KafkaException e) {
            throw new RedriveFailedException("the broker does not answer: " + e.getMessage(), e);
        } finally {
            if (!taken) {
                producer.close(Duration.ZERO);
            }
        }
    }

    /** Puts them back, all or none. */
    void write(List<Letter> letters) throws RedriveFailedException, InterruptedException {
        try {
            producer.beginTransaction();
            for (Letter letter : letters) {
                send(letter);
            }
            // Acknowledged, all of them: then a sighting that is valid at this moment vouches for them.
            producer.flush();
            if (!isSteady(System.nanoTime())) {
                producer.abortTransaction();
                throw new RedriveFailedException(MOVING, null);
            }
            producer.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new RedriveFailedException(
                    "another redrive was started and has ended this one; look how far it comes", e);
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    // The commit fails where a send did.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void send(Letter letter) {
        byte[] redrive = RedriveCodec.encode(letter.redrive());
        long now = letter.redrive().at().toEpochMilli();
        for (Put put : letter.records()) {
            ProducerRecord<byte[], byte[]> event =
                    new ProducerRecord<>(layout.topic(), null, now, put.key(), put.value());
            RecordHeaders.put(event.headers(), Schema.EVENT, letter.trace());
            event.headers().add(RecordHeaders.REDRIVE, redrive);
            producer.send(event);
        }
        byte[] key = letter.redrive().letter().text().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> note = new ProducerRecord<>(Topic.REDRIVES.topicName(), null, now, key, redrive);
        RecordHeaders.put(note.headers(), Schema.REDRIVE, letter.trace());
        producer.send(note);
    }

    private RedriveFailedException failed(KafkaException e) {
        try {
            producer.abortTransaction();
        } catch (KafkaException aborting) {
            e.addSuppressed(aborting);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return new RedriveFailedException(
                        "another redrive was started and has ended this one; look how far it comes", e);
            } else if (cause instanceof RecordTooLargeException) {
                return new RedriveFailedException(
                        "topic " + layout.topic() + " did not take an event: " + cause.getMessage(), e);
            }
        }
        return new RedriveFailedException(
                "the broker did not take it: " + e.getMessage() + "; what was put back stays, run it again to go on",
                e);
    }

    /** Whether nothing was being moved at this moment, or later. */
    private boolean isSteady(long atNanos) throws RedriveFailedException, InterruptedException {
        long deadline = atNanos + patience.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Sighting seen = pipeline.last();
            if (seen != null && seen.untilNanos() - atNanos > 0) {
                Pipeline now = seen.pipeline();
                return now.phase() == Pipeline.Phase.STEADY && now.layout().number() == layout.number();
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        throw new RedriveFailedException("topic pipeline cannot be read within " + patience, null);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
