package io.millrace.processor.registry;

import io.millrace.processor.model.Catalog.Content;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads topic models from its beginning and goes on reading, on a thread of its own. Thread-safe. */
final class Follower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Follower.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 500;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final Duration timeout;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ModelLog records = new ModelLog();
    private final List<Consumer<Content>> listeners = new CopyOnWriteArrayList<>();
    private final Object arrival = new Object();

    /** Everything before it is in {@link #content}; guarded by {@link #arrival}. */
    private long position;

    private volatile Content content = new Content(Map.of(), Map.of());
    private volatile Set<String> changes = Set.of();

    private Follower(Clients clients) {
        this.consumer = clients.reader("millrace-models-reader");
        this.admin = clients.admin();
        this.timeout = clients.timeout();
        this.thread = new Thread(this::run, "millrace-models");
        this.thread.setDaemon(true);
    }

    /** Reads everything that is there, then goes on by itself. */
    static Follower start(Clients clients) throws InterruptedException, RegistryException {
        Follower follower = new Follower(clients);
        follower.thread.start();
        boolean started = false;
        try {
            follower.catchUp();
            started = true;
            return follower;
        } finally {
            if (!started) {
                follower.close();
            }
        }
    }

    Content content() {
        return content;
    }

    /** Whether a change was read, of those of the last while. */
    boolean hasRead(String change) {
        return changes.contains(change);
    }

    void onChange(Consumer<Content> listener) {
        listeners.add(listener);
    }

    /**
     * Waits until everything that is committed now has been read.
     *
     * @throws RegistryException if the broker does not answer in time
     */
    void catchUp() throws InterruptedException, RegistryException {
        try {
            awaitPosition(admin.listOffsets(
                            Map.of(Records.MODELS, OffsetSpec.latest()),
                            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .partitionResult(Records.MODELS)
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .offset());
        } catch (ExecutionException | TimeoutException e) {
            throw new RegistryException(
                    RegistryException.Kind.UNAVAILABLE, "topic models cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Waits until everything before an offset has been read; what is committed becomes readable a moment after.
     *
     * @throws RegistryException if it is not in time
     */
    void awaitPosition(long end) throws InterruptedException, RegistryException {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (arrival) {
            while (position < end) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new RegistryException(
                            RegistryException.Kind.UNAVAILABLE,
                            "topic models was read up to " + position + " of " + end + " within " + timeout);
                }
                arrival.wait(left);
            }
        }
    }

    private void run() {
        try (consumer) {
            consumer.assign(List.of(Records.MODELS));
            consumer.seekToBeginning(List.of(Records.MODELS));
            while (closed.getCount() > 0) {
                step();
            }
        } catch (WakeupException e) {
            log.debug("The reader of models ends", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws InterruptedException {
        try {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                records.take(record);
            }
            if (!polled.isEmpty()) {
                content = records.content();
                changes = records.changes();
            }
            long at = consumer.position(Records.MODELS);
            synchronized (arrival) {
                position = at;
                arrival.notifyAll();
            }
            if (!polled.isEmpty()) {
                tell();
            }
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            log.warn("Topic models cannot be read, what was read goes on: {}", e.getMessage());
            if (closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new WakeupException();
            }
        }
    }

    private void tell() {
        for (Consumer<Content> listener : listeners) {
            try {
                listener.accept(content);
            } catch (RuntimeException e) {
                log.error("A change of the models was not taken by one who follows it", e);
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        consumer.wakeup();
        admin.close(Duration.ofSeconds(1));
        try {
            thread.join(timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
