package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.standalone.bench.load.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * When what was made of numbered events came to a consumer. What comes twice counts when it first comes: one model scores, so
 * that an event's number is as good as its prediction's id. Whoever makes it closes it.
 */
final class Arrivals implements AutoCloseable {
    private static final byte[] ID = NumberedEvents.ID.getBytes(US_ASCII);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofMillis(20);
    /** Half a minute of them. */
    private static final int TRIES = 300;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile Expected expected = new Expected(0, 0);
    private volatile boolean closing;

    /** The numbers of a run, and when each came. */
    private static final class Expected {
        final long base;
        final AtomicLongArray at;
        final AtomicLong came = new AtomicLong();

        Expected(long base, int count) {
            this.base = base;
            this.at = new AtomicLongArray(count);
        }
    }

    /**
     * Begins at the topic's present end.
     *
     * @param isolation read_committed or read_uncommitted
     * @throws BenchFailedException if the broker does not tell its partitions, as it may for a moment after they were made
     */
    Arrivals(String bootstrap, String topic, String isolation) throws BenchFailedException, InterruptedException {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        100),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = List.of();
        for (int i = 0; i < TRIES && partitions.isEmpty(); i++) {
            partitions = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(one.topic(), one.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            }
        }
        if (partitions.isEmpty()) {
            consumer.close();
            throw new BenchFailedException("the broker knows no partitions of " + topic);
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread = new Thread(this::read, "arrivals-" + isolation);
        thread.start();
    }

    /** From now on only these numbers count. */
    void expect(long base, int count) {
        expected = new Expected(base, count);
    }

    /** How many different ones of them came. */
    long came() {
        return expected.came.get();
    }

    private void read() {
        while (!closing) {
            var records = consumer.poll(POLL);
            long now = System.nanoTime();
            Expected here = expected;
            records.forEach(record -> note(here, record.value(), now));
        }
    }

    private static void note(Expected expected, byte[] value, long now) {
        int from = position(value);
        if (from < 0) {
            return;
        }
        long number = 0;
        for (int i = from; i < from + NumberedEvents.ID_DIGITS; i++) {
            number = number * 10 + value[i] - '0';
        }
        long index = number - expected.base;
        if (index >= 0 && index < expected.at.length() && expected.at.compareAndSet((int) index, 0, now)) {
            expected.came.incrementAndGet();
        }
    }

    private static int position(byte[] value) {
        for (int i = 0; i + ID.length + NumberedEvents.ID_DIGITS <= value.length; i++) {
            int matched = 0;
            while (matched < ID.length && value[i + matched] == ID[matched]) {
                matched++;
            }
            if (matched == ID.length) {
                return i + ID.length;
            }
        }
        return -1;
    }

    /** @return whether so many of them came in time */
    boolean await(long count, Child maker, Duration patience) throws BenchFailedException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (came() < count) {
            maker.requireAlive("the processor");
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        return true;
    }

    /**
     * How long each took from when it was due; what has not come has taken until now.
     *
     * @param began by {@link System#nanoTime}: when the first was due
     * @param first all before it are left out
     */
    Samples since(long began, int perSecond, int first) {
        AtomicLongArray at = expected.at;
        long now = System.nanoTime();
        Samples took = new Samples(at.length() - first);
        for (int i = first; i < at.length(); i++) {
            long came = at.get(i) == 0 ? now : at.get(i);
            took.add(came - began - i * TimeUnit.SECONDS.toNanos(1) / perSecond);
        }
        return took;
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
    }
}
