package io.millrace.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployedScorerIT {
    private static final TopicPartition MODELS = new TopicPartition(Topic.MODELS.topicName(), 0);

    @Test
    void takesTheModelAway_whenAnotherComes(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            new TopicCreator(admin, Duration.ofSeconds(30)).createMissing(2, (short) 1);
            DeployedScorer deployed = new DeployedScorer(admin);

            deployed.become(Variant.Scorer.DENSE);
            deploy(broker);
            deployed.become(Variant.Scorer.DENSE);
            assertThat(records(admin)).isEqualTo(1);

            deployed.become(Variant.Scorer.RECURRENT);
            assertThat(records(admin)).isZero();
        }
    }

    private static void deploy(EmbeddedBroker broker) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(MODELS.topic(), "a model", "is deployed"))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static long records(Admin admin) throws Exception {
        return admin.listOffsets(Map.of(MODELS, OffsetSpec.latest()))
                .partitionResult(MODELS)
                .get(30, TimeUnit.SECONDS)
                .offset();
    }
}
