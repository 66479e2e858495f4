package io.millrace.standalone.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.topic.Topic;
import io.millrace.topic.TopicCreator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What Millrace needs of a broker: its topics with their settings, and transactions that readers can rely on. */
interface KafkaContract {
    Duration TIMEOUT = Duration.ofSeconds(30);

    String bootstrap();

    @Test
    default void createsEveryTopicWithItsSettings_andLeavesWhatIsThere() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            TopicCreator creator = new TopicCreator(admin, TIMEOUT);

            assertThat(creator.createMissing(3, (short) -1)).isEqualTo(3);

            assertThat(creator.createMissing(5, (short) -1)).isEqualTo(3);
            for (Topic topic : Topic.values()) {
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
                var settings = admin.describeConfigs(List.of(resource))
                        .all()
                        .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                        .get(resource);
                assertThat(settings).isNotNull();
                topic.settings()
                        .forEach((name, value) -> assertThat(settings.get(name).value())
                                .as("%s of %s", name, topic.topicName())
                                .isEqualTo(value));
            }
        }
    }

    @Test
    default void readersSeeOnlyWhatWasCommitted() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            new TopicCreator(admin, TIMEOUT).createMissing(3, (short) -1);
        }
        TopicPartition partition = new TopicPartition(Topic.PREDICTIONS.topicName(), 0);
        Map<String, Object> writer = Map.of("bootstrap.servers", bootstrap(), "transactional.id", "contract");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(writer, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var aborted = producer.send(new ProducerRecord<>(partition.topic(), 0, "k", "aborted"));
            aborted.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            producer.abortTransaction();
            producer.beginTransaction();
            var committed = producer.send(new ProducerRecord<>(partition.topic(), 0, "k", "committed"));
            committed.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            producer.commitTransaction();
        }

        Map<String, Object> reader = Map.of("bootstrap.servers", bootstrap(), "isolation.level", "read_committed");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(reader, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
        }
        assertThat(values).containsExactly("committed");
    }
}
