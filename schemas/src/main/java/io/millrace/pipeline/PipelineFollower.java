package io.millrace.pipeline;

import io.millrace.codec.DecodeException;
import io.millrace.codec.PipelineCodec;
import io.millrace.layout.Pipeline;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topic pipeline on a thread of its own: ten times a second, around a switch more often, it asks where the topic ends, reads to there, and
 * says what stands there. Unlike waiting for news, that tells from when on there was none. Thread-safe; whoever starts it
 * closes it.
 */
public final class PipelineFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineFollower.class);
    private static final TopicPartition PIPELINE = new TopicPartition(Topic.PIPELINE.topicName(), 0);
    /** A fifth of the lease: one look may be late. */
    private static final int LOOKS_A_LEASE = 5;

    private static final Duration LONGEST_RECONNECT = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Who wants to know. Called on the follower's thread; must not block for long. */
    public interface Listener {
        /** Told at each look, whether or not anything has changed. */
        void sighted(Sighting sighting);

        /** Told where the topic cannot be read at this moment. */
        default void blind() {}
    }

    private final String bootstrap;
    private final String client;
    private final Listener listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch seen = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> reading;
    private volatile @Nullable Sighting last;
    private Pipeline pipeline = Pipeline.FIRST;
    private boolean complained;

    private PipelineFollower(String bootstrap, String client, Listener listener) {
        this.bootstrap = bootstrap;
        this.client = client;
        this.listener = listener;
        this.thread = new Thread(this::run, client);
        this.thread.setDaemon(true);
    }

    /**
     * Begins. The topic need not be there yet.
     *
     * @param client as Kafka and the thread are told
     */
    public static PipelineFollower start(String bootstrap, String client, Listener listener) {
        PipelineFollower follower = new PipelineFollower(bootstrap, client, listener);
        follower.thread.start();
        return follower;
    }

    /** The newest sighting, fresh or not; null before the first. */
    public @Nullable Sighting last() {
        return last;
    }

    /** Waits for the first sighting, after its listener was told; null if there is none in time. */
    public @Nullable Sighting await(Duration timeout) throws InterruptedException {
        return seen.await(timeout.toMillis(), TimeUnit.MILLISECONDS) ? last : null;
    }

    private void run() {
        while (closed.getCount() > 0) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            bootstrap,
                            ConsumerConfig.CLIENT_ID_CONFIG,
                            client,
                            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                            "read_committed",
                            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                            false,
                            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                            false,
                            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                            "earliest",
                            ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                            (int) LONGEST_RECONNECT.toMillis(),
                            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                            (int) PATIENCE.toMillis(),
                            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                            (int) PATIENCE.toMillis()),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                reading = consumer;
                consumer.assign(List.of(PIPELINE));
                consumer.seekToBeginning(List.of(PIPELINE));
                do {
                    look(consumer);
                } while (!closed.await(betweenLooks(), TimeUnit.MILLISECONDS));
            } catch (WakeupException | InterruptException | InterruptedException e) {
                return; // closed
            } catch (KafkaException e) {
                // Another consumer begins at the beginning, which is one record.
                LOG.warn("The topic pipeline cannot be followed; trying again", e);
                pause();
            }
        }
    }

    private long betweenLooks() {
        return Sighting.lease(pipeline.phase()).toMillis() / LOOKS_A_LEASE;
    }

    /** What fails at once, as a name that nobody resolves, would fail as often as the machine can. */
    private void pause() {
        try {
            closed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    private void look(KafkaConsumer<byte[], byte[]> consumer) {
        long asOf = System.nanoTime();
        try {
            long end = consumer.endOffsets(List.of(PIPELINE)).getOrDefault(PIPELINE, 0L);
            while (consumer.position(PIPELINE) < end) {
                consumer.poll(POLL).forEach(this::take);
                if (System.nanoTime() - asOf > PATIENCE.toNanos()) {
                    throw new TimeoutException("not read to its end");
                }
            }
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            if (!complained) {
                complained = true;
                LOG.atInfo()
                        .addKeyValue("reason", e.getMessage())
                        .log("The topic pipeline cannot be read at this moment");
            }
            listener.blind();
            return;
        }
        complained = false;
        Sighting now = new Sighting(pipeline, asOf);
        last = now;
        listener.sighted(now);
        seen.countDown();
    }

    private void take(ConsumerRecord<byte[], byte[]> found) {
        if (found.value() == null) {
            return;
        }
        try {
            pipeline = PipelineCodec.decode(found.value());
        } catch (DecodeException e) {
            LOG.atError()
                    .addKeyValue("offset", found.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("A record on the topic pipeline is none; what stood before it goes on");
        }
    }

    @Override
    public void close() {
        closed.countDown();
        KafkaConsumer<byte[], byte[]> consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
