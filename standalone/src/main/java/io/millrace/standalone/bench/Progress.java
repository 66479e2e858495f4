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
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration STANDSTILL = Duration.ofMinutes(2);

    private final Sitting sitting;
    private final Map<TopicPartition, Long> begin;

    Progress(Sitting sitting) throws BenchFailedException, InterruptedException {
        this.sitting = sitting;
        this.begin = sitting.ends(Topic.USER_EVENTS.topicName(), OffsetSpec.earliest());
    }

    /**
     * What was committed when, as seen by looking: commits of a backlog may be seconds apart, so that a count says something
     * only in the moment when it has changed.
     */
    record Commit(long events, long nanos) {}

    /** The first commit of so many events, or after a moment if that comes before. */
    Commit await(Child child, String group, long target, long until) throws BenchFailedException, InterruptedException {
        long before = committed(group);
        Commit seen = new Commit(before, System.nanoTime());
        while (seen.events() < target && (seen.events() == before || seen.nanos() < until)) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            child.requireAlive(group);
            long now = System.nanoTime();
            if (now - seen.nanos() > STANDSTILL.toNanos()) {
                throw new BenchFailedException(
                        group + " stands still at " + seen.events() + " of " + target + " events");
            }
            long events = committed(group);
            if (events > seen.events()) {
                seen = new Commit(events, now);
            }
        }
        return seen;
    }

    /** How many events a group has committed: their topic has no transactions, so that offsets count them. */
    private long committed(String group) throws BenchFailedException, InterruptedException {
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
