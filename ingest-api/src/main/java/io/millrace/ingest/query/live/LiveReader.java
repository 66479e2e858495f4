package io.millrace.ingest.query.live;

import io.millrace.ingest.query.live.LivePredictions.Attach;
import io.millrace.ingest.query.topic.TopicReaders;
import io.millrace.prediction.Prediction;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one reader of the topic for all who listen: each record is read and decoded once, and its frame is one array for
 * everybody. It never waits for a client. All but {@link #started} belongs to its thread.
 */
final class LiveReader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveReader.class);
    private static final String TOPIC = Topic.PREDICTIONS.topicName();
    /** A new client waits as long at most to be let in. */
    private static final Duration POLL = Duration.ofMillis(50);

    private static final long REST_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LOOK_NANOS = Duration.ofSeconds(10).toNanos();

    /** A client in its place, and how far it had come at another door where that is further than here. */
    private static final class Listener {
        private final LiveClient client;
        private @Nullable Positions ahead;

        private Listener(LiveClient client, @Nullable Positions ahead) {
            this.client = client;
            this.ahead = ahead;
        }
    }

    private final LivePredictions live;
    private final long heartbeatNanos;
    private final String bootstrap;
    private final CompletableFuture<@Nullable Void> started = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    private final List<Listener> listeners = new ArrayList<>();
    private final Positions head = Positions.of();
    private long lastNeeded = System.nanoTime();
    private long lastLook = System.nanoTime();

    LiveReader(LivePredictions live, LiveConfig config) {
        this.live = live;
        this.bootstrap = config.bootstrap();
        this.heartbeatNanos = config.heartbeat().toNanos();
    }

    /** Completes when it knows where the topic ends. */
    CompletableFuture<@Nullable Void> started() {
        return started;
    }

    void awaitEnd() {
        try {
            if (!ended.await(10, TimeUnit.SECONDS)) {
                LOG.warn("The reader of live predictions does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try (Consumer<byte[], byte[]> consumer =
                TopicReaders.connect(bootstrap, "millrace-ingest-live", LivePredictions.POLL_RECORDS)) {
            begin(consumer);
            started.complete(null);
            do {
                turn(consumer);
            } while (!live.isClosed() && (isNeeded() || !live.restIfAlone(this)));
        } catch (KafkaException | IllegalStateException e) {
            LOG.atWarn().setCause(e).log("Live predictions cannot be read");
            started.completeExceptionally(e);
            live.failed(this, "the topic cannot be read at this moment");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("Reading live predictions failed in a way nobody foresaw");
            started.completeExceptionally(e);
            live.failed(this, "a bug; the cause is in the log");
        } finally {
            ended.countDown();
        }
    }

    private void begin(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = partitions(consumer);
        if (partitions.isEmpty()) {
            throw new IllegalStateException("the topic " + TOPIC + " is not there yet");
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        moveHead(consumer);
        live.moved(head.copy());
    }

    private static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
        List<PartitionInfo> known = consumer.partitionsFor(TOPIC);
        return known == null
                ? List.of()
                : known.stream()
                        .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                        .toList();
    }

    private void moveHead(Consumer<byte[], byte[]> consumer) {
        for (TopicPartition partition : consumer.assignment()) {
            head.set(partition.partition(), consumer.position(partition));
        }
    }

    private boolean isNeeded() {
        if (!live.clients().isEmpty()) {
            lastNeeded = System.nanoTime();
        }
        return System.nanoTime() - lastNeeded < REST_NANOS;
    }

    private void turn(Consumer<byte[], byte[]> consumer) {
        for (Attach next = live.nextToAttach(); next != null; next = live.nextToAttach()) {
            attach(next);
        }
        lookForPartitions(consumer);
        try {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                head.set(found.partition(), found.offset() + 1);
                spread(found);
            }
            moveHead(consumer);
            live.moved(head.copy());
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach((partition, offset) -> passOver(consumer, partition, offset));
        }
        listeners.removeIf(listener -> listener.client.hasEnded());
        long now = System.nanoTime();
        for (LiveClient client : live.clients()) {
            if (client.isSilent(now, heartbeatNanos)) {
                offer(client, heartbeat(client));
            }
            client.deliver();
        }
    }

    private void attach(Attach asked) {
        LiveClient client = asked.client();
        Positions after = client.after();
        CatchUp caughtUp = asked.caughtUp();
        if (caughtUp != null) {
            Positions reached = caughtUp.reached();
            client.hold();
            listeners.add(new Listener(client, reached.ahead(head) > 0 ? reached.copy() : null));
            caughtUp.finish(head.copy());
        } else if (after != null) {
            live.schedule(new CatchUp(live, client, after.copy(), head.copy()));
        } else {
            // From here on it can come back, even if nothing happens before.
            listeners.add(new Listener(client, null));
            offer(client, Frames.position(head));
        }
    }

    private void spread(ConsumerRecord<byte[], byte[]> found) {
        Prediction prediction = listeners.isEmpty() ? null : LiveFilter.read(found.value());
        if (prediction == null) {
            return;
        }
        byte[] shared = null;
        for (Listener listener : listeners) {
            Positions ahead = listener.ahead;
            if (ahead != null && ahead.ahead(head) == 0) {
                listener.ahead = null;
            }
            if (!listener.client.filter().passes(prediction)
                    || (ahead != null && found.offset() < ahead.get(found.partition()))) {
                continue;
            }
            if (ahead != null) {
                offer(listener.client, Frames.prediction(head.furthest(ahead), found.value()));
            } else {
                shared = shared == null ? Frames.prediction(head, found.value()) : shared;
                offer(listener.client, shared);
            }
        }
    }

    private void offer(LiveClient client, byte[] frame) {
        if (!client.offerLive(frame)) {
            live.drop(client);
        }
    }

    /** A client in its place learns how far all is; one that still reads the past only that the connection lives. */
    private byte[] heartbeat(LiveClient client) {
        for (Listener listener : listeners) {
            if (listener.client == client && !client.isHolding()) {
                return Frames.position(listener.ahead == null ? head : head.furthest(listener.ahead));
            }
        }
        return Frames.heartbeat();
    }

    /** Partitions that were added begin with what nobody has seen. */
    private void lookForPartitions(Consumer<byte[], byte[]> consumer) {
        if (System.nanoTime() - lastLook < LOOK_NANOS) {
            return;
        }
        lastLook = System.nanoTime();
        List<TopicPartition> now = partitions(consumer);
        if (now.size() > consumer.assignment().size()) {
            List<TopicPartition> added = new ArrayList<>(now);
            added.removeAll(consumer.assignment());
            consumer.assign(now);
            consumer.seekToBeginning(added);
        }
    }

    /** The broker kept nothing from here on; whoever listens is told what went by. */
    private void passOver(Consumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
        consumer.seekToBeginning(List.of(partition));
        long first = consumer.position(partition);
        head.set(partition.partition(), first);
        byte[] gap = Frames.gap(head, partition.partition(), offset, first);
        listeners.forEach(listener -> offer(listener.client, gap));
    }
}
