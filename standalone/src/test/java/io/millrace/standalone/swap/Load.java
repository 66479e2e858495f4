package io.millrace.standalone.swap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PredictionCodec;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Prediction;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the processor busy: always so many events ahead of the predictions it has read, so there is a backlog for as long
 * as somebody turns it. Belongs to one thread.
 */
final class Load implements AutoCloseable {
    private static final int USERS = 1_000;
    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");

    /** What the test needs of a prediction. */
    record Seen(int event, String user, String version, int partition, Instant scoredAt) {}

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Seen> seen = new ArrayList<>();
    private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
    private final int ahead;
    private final int first;
    private int next;

    /** @param first number of the first event; predictions of events before it are passed over */
    Load(String bootstrap, int ahead, int first) {
        this.ahead = ahead;
        this.first = first;
        this.next = first;
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", 5, "max.in.flight.requests.per.connection", 1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(Topic.PREDICTIONS.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    int sent() {
        return next - first;
    }

    /** The number of the event after the last. */
    int next() {
        return next;
    }

    List<Seen> seen() {
        return seen;
    }

    /** Sends what is missing to be ahead, and reads what there is. */
    void turn() {
        send(seen.size() + ahead - sent());
        read();
    }

    private void send(int events) {
        for (int i = 0; i < events; i++) {
            Event event = event(next++);
            Future<?> unused = producer.send(
                    new ProducerRecord<>(
                            Topic.USER_EVENTS.topicName(),
                            event.user().text().getBytes(UTF_8),
                            EventCodec.encode(event)),
                    (metadata, problem) -> failed.compareAndSet(null, problem));
        }
    }

    void read() {
        assertThat(failed.get()).as("sending").isNull();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
            try {
                Prediction prediction =
                        PredictionCodec.decodeStored(record.value()).prediction();
                int event = Integer.parseInt(prediction.eventId().value());
                if (event < first) {
                    continue;
                }
                seen.add(new Seen(
                        event,
                        String.valueOf(prediction.userId()),
                        prediction.model().version(),
                        record.partition(),
                        prediction.scoredAt()));
            } catch (DecodeException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Event event(int number) {
        Instant time = BEGIN.plusMillis(number);
        return new Event(
                new EventId(Integer.toString(number)),
                new Source("web"),
                "u" + number % USERS,
                null,
                EventKind.TRACK,
                "product_viewed",
                JsonObject.of("{\"price\":" + number % 100 + ",\"product_id\":\"p" + number % 50 + "\",\"category\":\"c"
                        + number % 7 + "\"}"),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, time, time, EventTimes.Basis.RECEIVED));
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        consumer.close();
    }
}
