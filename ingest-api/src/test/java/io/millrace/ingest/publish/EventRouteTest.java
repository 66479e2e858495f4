package io.millrace.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.layout.Pipeline.Phase;
import io.millrace.pipeline.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** On Kafka's own producer for tests, which acknowledges when it is told to. */
class EventRouteTest {
    private static final Layout NEXT = new Layout(2, 5);
    private static final Pipeline MOVED =
            new Pipeline(3, new Layout(1, 2), Phase.SWITCHING, NEXT, 2, List.of(), Instant.EPOCH);
    private static final Node NODE = new Node(0, "localhost", 9092);

    private final MockProducer<byte[], byte[]> producer = new MockProducer<>(
            new Cluster(
                    "test",
                    List.of(NODE),
                    List.of(partition("user-events"), partition("user-events-2")),
                    Set.of(),
                    Set.of()),
            false,
            new RoundRobinPartitioner(),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    private final EventRoute route = new EventRoute(producer, Duration.ofMinutes(1));
    private final List<String> told = new ArrayList<>();

    @Test
    void refuses_whileItIsNotKnownWhereEventsGo() {
        send("e1");

        assertThat(told).containsExactly("e1 failed");
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void tells_whatIsAcknowledgedWithinTheLease() {
        route.sighted(seen(Pipeline.FIRST, Duration.ZERO));
        send("e1");
        producer.completeNext();

        assertThat(told).containsExactly("e1");
    }

    @Test
    void waits_afterTheLease_untilItIsKnownThatTheTopicWasStillOpen() {
        route.sighted(seen(Pipeline.FIRST, Duration.ofSeconds(10)));
        send("e1");
        producer.completeNext();
        assertThat(told).isEmpty();

        route.sighted(seen(Pipeline.FIRST, Duration.ZERO));
        assertThat(told).containsExactly("e1");
    }

    @Test
    void sendsAgain_whatWasAcknowledgedAfterTheLease_whereThePipelineHasMoved() {
        route.sighted(seen(Pipeline.FIRST, Duration.ofSeconds(10)));
        send("e1");
        send("e2");
        producer.completeNext();
        producer.errorNext(new RecordTooLargeException());

        route.sighted(seen(MOVED, Duration.ZERO));
        send("e3");
        assertThat(told).isEmpty();
        assertThat(topics())
                .containsExactly("user-events", "user-events", "user-events-2", "user-events-2", "user-events-2");
        producer.completeNext();
        producer.completeNext();
        producer.completeNext();
        assertThat(told).containsExactly("e1", "e2", "e3");
    }

    @Test
    void holdsBack_untilWhatWasSentBeforeIsSettled() {
        route.sighted(seen(Pipeline.FIRST, Duration.ZERO));
        send("e1");
        route.sighted(seen(MOVED, Duration.ZERO));
        send("e2");
        assertThat(topics()).containsExactly("user-events");

        producer.completeNext();
        assertThat(told).containsExactly("e1");
        assertThat(topics()).containsExactly("user-events", "user-events-2");
        producer.completeNext();
        assertThat(told).containsExactly("e1", "e2");
    }

    @Test
    void tellsAFailureAtOnce() {
        route.sighted(seen(Pipeline.FIRST, Duration.ofSeconds(10)));
        send("e1");
        producer.errorNext(new TimeoutException("no answer"));

        assertThat(told).containsExactly("e1 failed");
    }

    private List<String> topics() {
        return producer.history().stream().map(one -> one.topic()).toList();
    }

    private static Sighting seen(Pipeline pipeline, Duration ago) {
        return new Sighting(pipeline, System.nanoTime() - ago.toNanos());
    }

    private void send(String id) {
        Event event = new Event(
                new EventId(id),
                new Source("web"),
                "u1",
                null,
                EventKind.TRACK,
                "product_viewed",
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, Instant.EPOCH, Instant.EPOCH, EventTimes.Basis.RECEIVED));
        route.send(event, null, (metadata, failure) -> told.add(failure == null ? id : id + " failed"));
    }

    private static PartitionInfo partition(String topic) {
        return new PartitionInfo(topic, 0, NODE, new Node[] {NODE}, new Node[] {NODE});
    }
}
