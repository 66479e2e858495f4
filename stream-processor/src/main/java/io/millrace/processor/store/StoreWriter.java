package io.millrace.processor.store;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.processor.observe.Trail;
import io.millrace.topic.Topic;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the predictions' topic into PostgreSQL: the last step of the path before the analyst. Rows and offsets commit in
 * one transaction and the database's offsets are the truth, so that every committed prediction becomes one row, whatever
 * dies in between. Runs on a thread of its own; the methods here are thread-safe. Whoever starts it closes it.
 */
public final class StoreWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreWriter.class);
    /** A poll waits for this much, or for the linger: it makes transactions of hundreds of rows even at a modest rate. */
    private static final int SESSION_MS = 10_000;

    private static final int FETCH_MIN_BYTES = 256 * 1024;
    /** What one fetch may bring: with the rows of a batch, the bound of the writer's memory. */
    private static final int FETCH_MAX_BYTES = 16 * 1024 * 1024;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final StoreConfig config;
    private final RefusedRows refusedRows;
    private final StoreMeters meters;
    private final Clock clock;
    private final Trail trail;
    private final BooleanSupplier ready;
    private final StoreStatus status = new StoreStatus();
    private final Object lock = new Object();
    private final Thread thread;
    private @Nullable KafkaConsumer<byte[], byte[]> polling;
    private boolean closing;

    private StoreWriter(
            StoreConfig config,
            RefusedRows refusedRows,
            MeterRegistry registry,
            Clock clock,
            Trail trail,
            BooleanSupplier ready) {
        this.ready = ready;
        this.trail = trail;
        this.config = config;
        this.refusedRows = refusedRows;
        this.meters = new StoreMeters(registry);
        this.clock = clock;
        this.thread = new Thread(this::run, "millrace-store");
    }

    /**
     * Starts writing. Neither broker nor database need be there yet: the writer waits for them, and {@link #health} says
     * what is missing. The tables are migrated at the first connection.
     */
    public static StoreWriter start(
            StoreConfig config, RefusedRows refusedRows, MeterRegistry registry, Clock clock, Trail trail) {
        return start(config, refusedRows, registry, clock, trail, () -> true);
    }

    /**
     * The same.
     *
     * @param ready whether rows may be written: not before it is known who was erased
     */
    public static StoreWriter start(
            StoreConfig config,
            RefusedRows refusedRows,
            MeterRegistry registry,
            Clock clock,
            Trail trail,
            BooleanSupplier ready) {
        StoreWriter writer = new StoreWriter(config, refusedRows, registry, clock, trail, ready);
        writer.thread.start();
        return writer;
    }

    public StoreHealth health() {
        return status.health();
    }

    /** Finishes the batch in flight, unless the database is away, and stops. What is not stored is read again next time. */
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
            if (polling != null) {
                polling.wakeup();
            }
        }
        Ended.join(thread);
    }

    private void run() {
        Backoff backoff = new Backoff(config.longestBackoff());
        while (!isClosing()) {
            try {
                runWithOneConsumer(backoff);
            } catch (WakeupException e) {
                log.atDebug().log("Woken to close");
            } catch (RuntimeException e) {
                // Nothing is lost by a new consumer: it begins where the database says.
                log.atError().setCause(e).log("The store's writer failed; it starts again with a new consumer");
                meters.failure();
                status.failed(e);
                backoff.failed();
                waitFor(backoff);
            }
        }
    }

    private void runWithOneConsumer(Backoff backoff) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerSettings());
        try (Database database = new Database(config, clock);
                TopicIds topics = new TopicIds(config.bootstrap())) {
            WriterLoop loop = new WriterLoop(
                    consumer,
                    database,
                    refusedRows,
                    meters,
                    status,
                    clock,
                    config.longestBackoff(),
                    trail,
                    topics,
                    ready);
            synchronized (lock) {
                polling = consumer;
            }
            consumer.subscribe(
                    List.of(Topic.PREDICTIONS.topicName(), Topic.SHADOW_PREDICTIONS.topicName()), loop.assignment());
            while (!isClosing()) {
                loop.turn();
                backoff.succeeded();
            }
        } finally {
            synchronized (lock) {
                polling = null;
            }
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        }
    }

    private boolean isClosing() {
        synchronized (lock) {
            return closing;
        }
    }

    private void waitFor(Backoff backoff) {
        synchronized (lock) {
            long remaining = backoff.remaining().toMillis();
            while (!closing && remaining > 0) {
                try {
                    lock.wait(remaining);
                } catch (InterruptedException e) {
                    closing = true;
                }
                remaining = backoff.remaining().toMillis();
            }
        }
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, config.group());
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "millrace-store");
        // The default of 45 s would be how long the rows stand still after a writer is killed.
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MS);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_MS / 5);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, config.batchRows());
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_MIN_BYTES);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_MAX_BYTES);
        settings.put(
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) config.linger().toMillis());
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }
}
