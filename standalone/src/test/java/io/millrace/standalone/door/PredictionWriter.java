package io.millrace.standalone.door;

import io.millrace.codec.PredictionCodec;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes predictions in transactions, as the processor does, over three partitions. */
final class PredictionWriter implements AutoCloseable {
    static final int PARTITIONS = 3;

    private static final Source WEB = new Source("web");
    private static final Instant TIME = Instant.parse("2026-01-31T12:00:00Z");

    private final KafkaProducer<byte[], byte[]> producer;

    PredictionWriter(String bootstrap) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", "writer"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    static Prediction prediction(int number) {
        EventId event = new EventId("event-" + number);
        ModelVersion model = new ModelVersion(number % 2 == 0 ? "churn" : "intent", "1.0." + number % 3);
        float score = (number % 100) / 100f;
        return new Prediction(
                PredictionId.of(WEB, event, model),
                event,
                WEB,
                "user-" + number % 7,
                null,
                model,
                Sha256.of(new byte[] {1}),
                number % 5 == 0 ? Role.SHADOW : Role.CHAMPION,
                score,
                score >= 0.5f ? "yes" : "no",
                0.5f,
                new Inputs(List.of(new Inputs.Slot("n", 1)), new float[] {number}, null),
                TIME,
                TIME.plusMillis(number),
                TIME.plusMillis(number + 1L),
                null);
    }

    static String json(int number) {
        return new String(PredictionCodec.encode(prediction(number)), StandardCharsets.UTF_8);
    }

    /** Those from one number to before another, in one transaction. */
    // The commit fails where a send did.
    @SuppressWarnings("FutureReturnValueIgnored")
    void write(int from, int to, boolean commit) {
        producer.beginTransaction();
        for (int i = from; i < to; i++) {
            Prediction prediction = prediction(i);
            producer.send(new ProducerRecord<>(
                    Topic.PREDICTIONS.topicName(),
                    i % PARTITIONS,
                    ("web:" + prediction.userId()).getBytes(StandardCharsets.UTF_8),
                    PredictionCodec.encode(prediction)));
        }
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.flush();
            producer.abortTransaction();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
