package io.millrace.standalone.bench;

import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** How far applications are with the events that waited for them when this was made. Thread-safe. */
final class Progress {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration STANDSTILL = Duration.ofMinutes(2);

    private final Sitting sitting;
    private final Map<TopicPartition, Long> begin;

    Progress(Sitting sitting) throws BenchFailedException, InterruptedException {
        this.sitting = sitting;
        this.begin = sitting.ends(Topic.USER_EVENTS.topicName(), OffsetSpec.earliest());
    }

    /** Until so many are committed, or it is so late. */
    void await(Child child, String group, long target, long until) throws BenchFailedException, InterruptedException {
        long best = 0;
        long since = System.nanoTime();
        for (long now = committed(group); now < target && System.nanoTime() < until; now = committed(group)) {
            child.requireAlive(group);
            if (now > best) {
                best = now;
                since = System.nanoTime();
            }
            if (System.nanoTime() - since > STANDSTILL.toNanos()) {
                throw new BenchFailedException(group + " stands still at " + now + " of " + target + " events");
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    /** How many events a group has committed: their topic has no transactions, so that offsets count them. */
    long committed(String group) throws BenchFailedException, InterruptedException {
        try {
            return sitting
                    .admin()
                    .listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(one -> begin.containsKey(one.getKey()) && one.getValue() != null)
                    .mapToLong(one -> Math.max(0, one.getValue().offset() - begin.getOrDefault(one.getKey(), 0L)))
                    .sum();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw new BenchFailedException("the broker does not answer: " + e.getCause());
        }
    }
}
