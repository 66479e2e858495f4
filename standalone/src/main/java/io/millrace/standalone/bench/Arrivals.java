package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** When what was made of posted events came to who reads what is committed. Whoever makes it closes it. */
final class Arrivals implements AutoCloseable {
    private static final byte[] ID = SteadyPoster.ID.getBytes(US_ASCII);
    private static final int DIGITS = 10;
    private static final Duration POLL = Duration.ofMillis(100);
    /** Half a minute of them. */
    private static final int TRIES = 300;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final AtomicLongArray at;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Begins at the topic's present end.
     *
     * @throws BenchFailedException if the broker does not tell its partitions, as it may for a moment after they were made
     */
    Arrivals(String bootstrap, String topic, int count) throws BenchFailedException, InterruptedException {
        at = new AtomicLongArray(count);
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        20),
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
        thread = new Thread(this::read, "arrivals");
    }

    void start() {
        thread.start();
    }

    private void read() {
        while (!closing) {
            var records = consumer.poll(POLL);
            long now = System.nanoTime();
            records.forEach(record -> note(record.value(), now));
        }
    }

    private void note(byte[] value, long now) {
        int from = position(value);
        if (from < 0) {
            return;
        }
        int number = 0;
        for (int i = from; i < from + DIGITS; i++) {
            number = number * 10 + value[i] - '0';
        }
        if (number < at.length()) {
            at.compareAndSet(number, 0, now);
        }
    }

    private static int position(byte[] value) {
        for (int i = 0; i + ID.length + DIGITS <= value.length; i++) {
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

    /** Until all from the given one on are there. */
    void await(int first, Child maker, Duration patience) throws BenchFailedException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (int i = first; i < at.length(); ) {
            if (at.get(i) != 0) {
                i++;
                continue;
            }
            maker.requireAlive("the processor");
            if (System.nanoTime() - deadline > 0) {
                throw new BenchFailedException("nothing came of event " + i + " within " + patience.toSeconds()
                        + " s: the machine is too slow for the pace, or too busy");
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    /** How long each took from when it was due, but for the first ones. */
    long[] since(long[] due, int first) {
        long[] took = new long[at.length() - first];
        for (int i = 0; i < took.length; i++) {
            took[i] = at.get(first + i) - due[first + i];
        }
        return took;
    }

    @Override
    public void close() {
        closing = true;
        try {
            if (thread.isAlive()) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
    }
}
