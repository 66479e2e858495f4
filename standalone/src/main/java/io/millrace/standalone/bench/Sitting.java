package io.millrace.standalone.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What all benchmarks of a sitting share.
 *
 * @param folders of data, logs and recordings
 * @param bootstrap of the broker
 * @param broker its process
 * @param admin its client
 * @param traffic the broker's bytes
 * @param said told what is being done, a line each
 */
record Sitting(
        Folders folders, String bootstrap, Child broker, Admin admin, TrafficMeter traffic, Consumer<String> said) {
    /** Nothing listens there: what is measured without a database goes on without one. */
    static final String NO_DATABASE = "jdbc:postgresql://127.0.0.1:1/nowhere";

    Path folder() {
        return folders.data();
    }

    /** Empties a topic, so that who comes new to it begins with what comes from now on. */
    void empty(String topic) throws BenchFailedException, InterruptedException {
        try {
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            ends(topic, OffsetSpec.latest())
                    .forEach((partition, end) -> all.put(partition, RecordsToDelete.beforeOffset(end)));
            admin.deleteRecords(all).all().get();
        } catch (ExecutionException e) {
            throw new BenchFailedException(topic + " cannot be emptied: " + e.getCause());
        }
    }

    /** One offset of each partition. */
    Map<TopicPartition, Long> ends(String topic, OffsetSpec which) throws BenchFailedException, InterruptedException {
        try {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                    .flatMap(one -> one.partitions().stream())
                    .forEach(one -> asked.put(new TopicPartition(topic, one.partition()), which));
            Map<TopicPartition, Long> offsets = new HashMap<>();
            admin.listOffsets(asked).all().get().forEach((partition, found) -> offsets.put(partition, found.offset()));
            return offsets;
        } catch (ExecutionException | KafkaException e) {
            throw new BenchFailedException("the broker does not tell the offsets of " + topic + ": " + e.getMessage());
        }
    }
}
