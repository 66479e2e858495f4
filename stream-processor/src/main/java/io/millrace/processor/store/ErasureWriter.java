package io.millrace.processor.store;

import io.millrace.codec.DecodeException;
import io.millrace.codec.ErasureCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.codec.RecordHeaders.Schema;
import io.millrace.event.Erasure;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the rows of erased users. Every instance reads all of topic erasures at its start and follows it: what is done twice
 * changes nothing, and a database that was lost knows who was erased before a prediction is stored again. Runs on a thread
 * of its own; whoever starts it closes it.
 */
public final class ErasureWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ErasureWriter.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final StoreConfig config;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Deque<Erasure> unwritten = new ArrayDeque<>();
    private volatile boolean caughtUp;
    private final OneConnection connection;
    private boolean waits;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    private ErasureWriter(StoreConfig config) {
        this.config = config;
        this.connection = new OneConnection(config);
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        config.bootstrap(),
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "millrace-store-erasures",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.thread = new Thread(this::run, "millrace-store-erasures");
    }

    /** Starts reading. Neither broker nor database need be there yet; the tables are made by {@link StoreWriter}. */
    public static ErasureWriter start(StoreConfig config) {
        ErasureWriter writer = new ErasureWriter(config);
        writer.thread.start();
        return writer;
    }

    /** Whether everybody is in the database who was erased before this was started. */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    private void run() {
        Backoff backoff = new Backoff(config.longestBackoff());
        try (consumer) {
            while (closing.getCount() > 0) {
                try {
                    follow(backoff);
                } catch (WakeupException | InterruptException e) {
                    throw e;
                } catch (KafkaException e) {
                    waitsFor("Topic erasures cannot be read at this moment", e);
                    closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (WakeupException | InterruptException | InterruptedException e) {
            log.atDebug().log("Woken to close");
        } finally {
            connection.close();
            if (producer != null) {
                producer.close(Duration.ofSeconds(2));
            }
        }
    }

    /** The first time of a row of them: until it is known who was erased, no prediction is stored. */
    private void waitsFor(String what, Exception why) {
        (waits ? log.atDebug() : log.atWarn())
                .log(what + (caughtUp ? "" : ", and until then no predictions are stored") + ": " + why.getMessage());
        waits = true;
    }

    private void follow(Backoff backoff) throws InterruptedException {
        List<TopicPartition> partitions = consumer.partitionsFor(Topic.ERASURES.topicName()).stream()
                .map(one -> new TopicPartition(one.topic(), one.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("topic erasures is not there yet");
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (closing.getCount() > 0) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                read(found);
            }
            if (backoff.remaining().isZero()) {
                write(backoff);
            }
            if (!caughtUp && unwritten.isEmpty()) {
                caughtUp = ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> found) {
        if (found.value() == null) {
            return;
        }
        try {
            unwritten.add(ErasureCodec.decode(found.value()));
        } catch (DecodeException e) {
            log.atWarn()
                    .addKeyValue("partition", found.partition())
                    .addKeyValue("offset", found.offset())
                    .log("A record on erasures is none and is passed over: " + e.getMessage());
        }
    }

    private void write(Backoff backoff) {
        try {
            for (Erasure next = unwritten.peek(); next != null; next = unwritten.peek()) {
                erase(next);
                unwritten.remove();
            }
            backoff.succeeded();
            waits = false;
        } catch (SQLException | StoreSchemaException | KafkaException e) {
            waitsFor("Erased users' rows cannot be deleted at this moment", e);
            connection.close();
            backoff.failed();
        }
    }

    private void erase(Erasure erasure) throws SQLException {
        boolean isKnown = Erasures.isKnown(connection(), erasure);
        int rows = isKnown ? 0 : Erasures.erase(connection(), erasure);
        if (erasure.user() == null) {
            return;
        }
        // Where it is known too: who noted it may have died before it could say so.
        forgetWho(erasure);
        if (!isKnown) {
            log.atInfo()
                    .addKeyValue("user_hash", erasure.hash())
                    .addKeyValue("rows", rows)
                    .log("The rows of an erased user are deleted");
        }
    }

    /** Takes the place of the record that says who it was, once compaction comes by. */
    private void forgetWho(Erasure erasure) {
        ProducerRecord<byte[], byte[]> done = new ProducerRecord<>(
                Topic.ERASURES.topicName(),
                erasure.hash().hex().getBytes(StandardCharsets.UTF_8),
                ErasureCodec.encode(erasure.done()));
        RecordHeaders.put(done.headers(), Schema.ERASURE, null);
        try {
            producer().send(done).get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new KafkaException("the erasure's end was not acknowledged", e.getCause());
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(
                    Map.of(
                            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            config.bootstrap(),
                            ProducerConfig.CLIENT_ID_CONFIG,
                            "millrace-store-erasures",
                            ProducerConfig.ACKS_CONFIG,
                            "all"),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    private Connection connection() throws SQLException {
        if (!connection.isOpen()) {
            connection.get();
            StoreSchema.migrate(config.postgres());
        }
        return connection.get();
    }

    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        Ended.join(thread);
    }
}
