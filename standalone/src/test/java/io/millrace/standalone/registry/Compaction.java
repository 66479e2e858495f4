package io.millrace.standalone.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Lets the broker compact model-artifacts at once, which it does in its own time otherwise. */
final class Compaction {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final TopicPartition ARTIFACTS = new TopicPartition(Topic.MODEL_ARTIFACTS.topicName(), 0);

    private final String bootstrap;

    Compaction(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /** From now on every segment but the last is compacted within moments, and a segment ends with a tenth of a second. */
    void hurry() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.BROKER, ""),
                            List.of(set("log.cleaner.backoff.ms", "50")),
                            new ConfigResource(ConfigResource.Type.TOPIC, ARTIFACTS.topic()),
                            List.of(
                                    set("segment.ms", "100"),
                                    set("min.cleanable.dirty.ratio", "0.0"),
                                    set("delete.retention.ms", "0"))))
                    .all()
                    .get();
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    /** Where the chunks of an artifact stand now: number of the chunk by offset. */
    Map<Long, String> chunks(String sha256) {
        Map<Long, String> found = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(ARTIFACTS));
            consumer.seekToBeginning(List.of(ARTIFACTS));
            long end = consumer.endOffsets(List.of(ARTIFACTS)).getOrDefault(ARTIFACTS, 0L);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(ARTIFACTS) < end) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("read up to " + consumer.position(ARTIFACTS) + " of " + end);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    String key = new String(record.key(), UTF_8);
                    if (key.startsWith(sha256)) {
                        found.put(record.offset(), key);
                    }
                }
            }
        }
        return found;
    }
}
