package io.millrace.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics that are missing and leaves those that are there as they are. Not thread-safe; owns nothing. */
public final class TopicCreator {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Admin admin;
    private final Duration timeout;

    public TopicCreator(Admin admin, Duration timeout) {
        this.admin = admin;
        this.timeout = timeout;
    }

    /**
     * Creates what is missing. Two processes may do so at the same time.
     *
     * @param partitions of each topic that is created and fixes no count of its own
     * @param replication copies of each partition; -1 for the broker's default
     * @return how many partitions user-events has now, which may differ from {@code partitions} where it was there
     * @throws TopicsUnavailableException if the broker does not answer in time or refuses
     */
    public int createMissing(int partitions, short replication) throws InterruptedException {
        List<Topic> topics = List.of(Topic.values());
        Map<String, KafkaFuture<Void>> results = admin.createTopics(topics.stream()
                        .map(topic -> topic.create(partitions, replication))
                        .toList())
                .values();
        for (Map.Entry<String, KafkaFuture<Void>> result : results.entrySet()) {
            try {
                await(result.getValue());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new TopicsUnavailableException("topic " + result.getKey() + " cannot be created", e);
                }
            }
        }
        return partitionsOfUserEvents();
    }

    /** A broker may answer for a topic a moment later than the controller has made it. */
    private int partitionsOfUserEvents() throws InterruptedException {
        List<String> names = new ArrayList<>();
        List.of(Topic.values()).forEach(topic -> names.add(topic.topicName()));
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                Map<String, TopicDescription> descriptions =
                        await(admin.describeTopics(names).allTopicNames());
                TopicDescription events = descriptions.get(Topic.USER_EVENTS.topicName());
                if (events == null) {
                    throw new TopicsUnavailableException("topic user-events is not there", null);
                }
                return events.partitions().size();
            } catch (ExecutionException e) {
                boolean notYet = e.getCause() instanceof UnknownTopicOrPartitionException;
                if (!notYet || System.nanoTime() - deadline > 0) {
                    throw new TopicsUnavailableException("topics cannot be described: " + e.getCause(), e);
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
            }
        }
    }

    private <T> T await(KafkaFuture<T> future) throws InterruptedException, ExecutionException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TopicsUnavailableException("the broker did not answer within " + timeout, e);
        }
    }
}
