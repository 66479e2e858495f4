package io.millrace.processor.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.codec.DeploymentCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.codec.RegisteredVersionCodec;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.Sha256;
import io.millrace.model.Deployment;
import io.millrace.model.RegisteredVersion;
import io.millrace.topic.Topic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The records of both topics, as asyncapi.yaml says. A model's name has no colon, so keys of the two kinds never meet. */
final class Records {
    static final TopicPartition MODELS = new TopicPartition(Topic.MODELS.topicName(), 0);
    static final TopicPartition ARTIFACTS = new TopicPartition(Topic.MODEL_ARTIFACTS.topicName(), 0);

    /** A header: the id of the change that a record on models is of, so that its writer knows it again. */
    static final String CHANGE = "change";

    private Records() {}

    static String key(ModelVersion version) {
        return version.name() + ":" + version.version();
    }

    static String chunkKey(Sha256 sha256, int number) {
        return sha256.hex() + "/" + number;
    }

    static ProducerRecord<byte[], byte[]> deployment(Deployment deployment) {
        return record(MODELS, deployment.name(), DeploymentCodec.encode(deployment), RecordHeaders.Schema.DEPLOYMENT);
    }

    static ProducerRecord<byte[], byte[]> version(RegisteredVersion version) {
        return record(
                MODELS,
                key(version.manifest().model()),
                RegisteredVersionCodec.encode(version),
                RecordHeaders.Schema.REGISTERED_VERSION);
    }

    static ProducerRecord<byte[], byte[]> noVersion(ModelVersion version) {
        return record(MODELS, key(version), null, RecordHeaders.Schema.REGISTERED_VERSION);
    }

    static ProducerRecord<byte[], byte[]> chunk(Sha256 sha256, int number, byte @Nullable [] bytes) {
        return record(ARTIFACTS, chunkKey(sha256, number), bytes, RecordHeaders.Schema.MODEL_ARTIFACT);
    }

    private static ProducerRecord<byte[], byte[]> record(
            TopicPartition to, String key, byte @Nullable [] value, RecordHeaders.Schema schema) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(to.topic(), to.partition(), key.getBytes(UTF_8), value);
        RecordHeaders.put(record.headers(), schema, null);
        return record;
    }
}
