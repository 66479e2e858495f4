package io.millrace.ingest.query.live;

import io.millrace.ingest.query.topic.TopicReaders.Loan;
import io.millrace.prediction.Prediction;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads for one client what it missed, from where it had come to where the {@link LiveReader} is, in slices: whoever has
 * much to catch up, or takes it slowly, does not keep the few threads from the others. When little is left, the client is
 * attached to the reader, which holds back what is new until the rest is read up to exactly that place: nothing is
 * missed and nothing comes twice.
 */
final class CatchUp implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final String TOPIC = Topic.PREDICTIONS.topicName();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long SLICE_NANOS = Duration.ofSeconds(2).toNanos();
    /** So few offsets are read in a moment, for which what is new can be held back. */
    private static final long FEW = 2_000;

    private enum Stage {
        BEGINNING,
        BEHIND,
        /** Attached to the reader: when the target is reached, it is over. */
        MEETING
    }

    /** How a slice ended. */
    private enum Slice {
        AT_THE_TARGET,
        TIME_IS_UP,
        NO_ROOM
    }

    private final LivePredictions live;
    private final LiveClient client;
    private final Positions reached;
    private Positions target;
    private Stage stage = Stage.BEGINNING;

    CatchUp(LivePredictions live, LiveClient client, Positions reached, Positions target) {
        this.live = live;
        this.client = client;
        this.reached = reached;
        this.target = target;
    }

    LiveClient client() {
        return client;
    }

    /** How far it is; the reader asks while no slice runs. */
    Positions reached() {
        return reached;
    }

    /** The reader goes on from here with this client; what is before is still ours. */
    void finish(Positions meetingPlace) {
        target = meetingPlace;
        stage = Stage.MEETING;
        live.schedule(this);
    }

    @Override
    public void run() {
        if (client.hasEnded()) {
            return;
        }
        Optional<Loan> loan = live.past().borrow();
        if (loan.isEmpty()) {
            throw new IllegalStateException("there are as many consumers as threads");
        }
        try (Loan lent = loan.get()) {
            Slice slice = read(lent.consumer());
            lent.isSound();
            next(slice);
        } catch (KafkaException e) {
            LOG.atWarn().setCause(e).log("The past of a listener cannot be read");
            client.fail("the topic cannot be read at this moment");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("Reading the past of a listener failed in a way nobody foresaw");
            client.fail("a bug; the cause is in the log");
        }
    }

    private void next(Slice slice) {
        switch (slice) {
            case AT_THE_TARGET -> arrive();
            case TIME_IS_UP -> {
                client.offer(Frames.position(reached));
                live.schedule(this);
            }
            case NO_ROOM -> client.whenRoom(() -> live.schedule(this));
        }
        client.deliver();
    }

    private void arrive() {
        if (stage == Stage.MEETING) {
            client.release();
        } else {
            live.attach(this);
        }
    }

    private Slice read(Consumer<byte[], byte[]> consumer) {
        if (stage == Stage.BEGINNING) {
            passOverGaps(consumer);
            stage = Stage.BEHIND;
        }
        long end = System.nanoTime() + SLICE_NANOS;
        while (true) {
            Slice slice = readToTarget(consumer, end);
            if (slice != Slice.AT_THE_TARGET || stage == Stage.MEETING) {
                return slice;
            }
            Positions head = live.head();
            if (head.ahead(reached) <= FEW) {
                return Slice.AT_THE_TARGET;
            }
            target = head;
        }
    }

    private Slice readToTarget(Consumer<byte[], byte[]> consumer, long end) {
        List<TopicPartition> behind = behind();
        consumer.assign(behind);
        behind.forEach(partition -> consumer.seek(partition, reached.get(partition.partition())));
        while (!behind.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> found : poll(consumer)) {
                if (!take(found)) {
                    return Slice.NO_ROOM;
                }
            }
            for (TopicPartition partition : behind) {
                // Past the marks of transactions, which are no records.
                int number = partition.partition();
                long position = Math.min(consumer.position(partition), target.get(number));
                reached.set(number, Math.max(reached.get(number), position));
            }
            client.deliver();
            if (client.hasEnded() || System.nanoTime() - end > 0) {
                return reached.hasReached(target) ? Slice.AT_THE_TARGET : Slice.TIME_IS_UP;
            }
            if (behind.removeAll(arrived(behind))) {
                consumer.assign(behind);
            }
        }
        return Slice.AT_THE_TARGET;
    }

    private Iterable<ConsumerRecord<byte[], byte[]>> poll(Consumer<byte[], byte[]> consumer) {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            // The broker's retention went by while we read.
            passOverGaps(consumer);
            e.partitions().forEach(partition -> consumer.seek(partition, reached.get(partition.partition())));
            return List.of();
        }
    }

    /** False where the client has no room for it: then we have not come past it. */
    private boolean take(ConsumerRecord<byte[], byte[]> found) {
        int partition = found.partition();
        if (found.offset() >= target.get(partition)) {
            // The reader's.
            return true;
        }
        boolean isWanted = isWanted(found);
        if (isWanted && !client.hasRoom()) {
            return false;
        }
        reached.set(partition, found.offset() + 1);
        if (isWanted) {
            client.offer(Frames.prediction(reached, found.value()));
        }
        return true;
    }

    private boolean isWanted(ConsumerRecord<byte[], byte[]> found) {
        Prediction prediction = LiveFilter.read(found.value());
        return prediction != null && client.filter().passes(prediction);
    }

    private List<TopicPartition> behind() {
        List<TopicPartition> behind = new ArrayList<>();
        for (int i = 0; i < target.partitions(); i++) {
            if (reached.get(i) < target.get(i)) {
                behind.add(new TopicPartition(TOPIC, i));
            }
        }
        return behind;
    }

    private List<TopicPartition> arrived(List<TopicPartition> partitions) {
        return partitions.stream()
                .filter(partition -> reached.get(partition.partition()) >= target.get(partition.partition()))
                .toList();
    }

    /** What the broker has deleted, and offsets of a topic that was made anew, are told and passed over. */
    private void passOverGaps(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < target.partitions(); i++) {
            partitions.add(new TopicPartition(TOPIC, i));
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.beginningOffsets(partitions).forEach((partition, first) -> {
            int number = partition.partition();
            long from = reached.get(number);
            if (from < first || from > ends.getOrDefault(partition, Long.MAX_VALUE)) {
                reached.set(number, first);
                client.offer(Frames.gap(reached, number, from, first));
            }
        });
    }
}
