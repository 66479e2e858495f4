package io.millrace.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
    private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

    @Test
    void committedRecordsAreThere_whenStartedAgainOnTheSameDataAndPort(@TempDir Path folder) throws Exception {
        int port;
        String cluster;
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            port = broker.port();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
                cluster = admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS);
            }
            writeInTransaction(broker, "one", "two");
        }

        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, port);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            assertThat(broker.port()).isEqualTo(port);
            assertThat(admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS))
                    .isEqualTo(cluster);
            assertThat(committed(broker, 2)).containsExactly("one", "two");
        }
    }

    @Test
    void saysWhichPortAndFlag_whenThePortIsTaken(@TempDir Path folder) throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, other.getLocalPort()))
                    .isInstanceOf(StartFailedException.class)
                    .hasMessageContaining("Port " + other.getLocalPort() + " for Kafka is taken")
                    .hasMessageContaining("--kafka-port");
        }
    }

    @Test
    void refusesTheData_whenANewerKafkaWroteIt(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("kafka.version"), "99.1.0");

        assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("written by Kafka 99.1.0");
    }

    private static void writeInTransaction(EmbeddedBroker broker, String... values) {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "writer");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String value : values) {
                var unused = producer.send(new ProducerRecord<>(PARTITION.topic(), 0, "key", value));
            }
            producer.commitTransaction();
        }
    }

    private static List<String> committed(EmbeddedBroker broker, int count) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                broker.bootstrap(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            List<String> values = new ArrayList<>();
            while (values.size() < count) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
