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
import io.millrace.layout.StreamThreads;
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
            new Pipeline(3, new Layout(1, 2), Phase.SWITCHING, NEXT, 2, List.of(), StreamThreads.AS_SET, Instant.EPOCH);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LEASE = Sighting.lease(Phase.STEADY);
    /** For how long after it has seen a switch a door counts on others that have not. */
    private static final Duration OTHERS = Sighting.settled(Phase.CLOSING);

    private static final Node NODE = new Node(0, "localhost", 9092);

    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos(); // nanoTime may run over
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
    private final EventRoute route = new EventRoute(producer, PATIENCE, () -> now);
    private final List<String> told = new ArrayList<>();

    @Test
    void refuses_whileItIsNotKnownWhereEventsGo() {
        send("e1");

        assertThat(told).containsExactly("e1 failed");
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void tells_whatIsAcknowledgedWithinTheLease() {
        route.sighted(seen(Pipeline.FIRST));
        send("e1");
        producer.completeNext();

        assertThat(told).containsExactly("e1");
    }

    @Test
    void waits_afterTheLease_untilItIsKnownThatTheTopicWasStillOpen() {
        route.sighted(seen(Pipeline.FIRST));
        send("e1");
        pass(LEASE);
        producer.completeNext();
        assertThat(told).isEmpty();

        route.sighted(seen(Pipeline.FIRST));
        assertThat(told).containsExactly("e1");
    }

    @Test
    void sendsNothing_withoutALease() {
        route.sighted(seen(Pipeline.FIRST));
        pass(LEASE);
        send("e1");
        assertThat(topics()).isEmpty();

        route.sighted(seen(Pipeline.FIRST));
        send("e2");
        assertThat(topics()).containsExactly("user-events", "user-events");
        producer.completeNext();
        assertThat(told).containsExactly("e1");
    }

    @Test
    void sendsAgain_whatWasAcknowledgedAfterTheLease_whereThePipelineHasMoved() {
        route.sighted(seen(Pipeline.FIRST));
        send("e1");
        send("e2");
        pass(LEASE);
        producer.completeNext();
        producer.errorNext(new RecordTooLargeException());

        route.sighted(seen(MOVED));
        send("e3");
        pass(OTHERS);
        route.sighted(seen(MOVED));
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
        route.sighted(seen(Pipeline.FIRST));
        send("e1");
        route.sighted(seen(MOVED));
        send("e2");
        pass(OTHERS);
        route.sighted(seen(MOVED));
        assertThat(topics()).containsExactly("user-events");

        producer.completeNext();
        assertThat(told).containsExactly("e1");
        assertThat(topics()).containsExactly("user-events", "user-events-2");
        producer.completeNext();
        assertThat(told).containsExactly("e1", "e2");
    }

    @Test
    void holdsBack_whileAnotherDoorMayStillSendToTheTopicThatIsLeft() {
        route.sighted(seen(Pipeline.FIRST));
        route.sighted(seen(MOVED));
        send("e1");
        pass(OTHERS.minusMillis(1));
        route.sighted(seen(MOVED));
        assertThat(topics()).isEmpty();

        pass(Duration.ofMillis(1));
        route.sighted(seen(MOVED));
        assertThat(topics()).containsExactly("user-events-2");
    }

    @Test
    void holdsBack_whereTheFirstItSeesIsASwitch() {
        route.sighted(seen(MOVED));
        send("e1");
        assertThat(topics()).isEmpty();

        pass(OTHERS);
        route.sighted(seen(MOVED));
        assertThat(topics()).containsExactly("user-events-2");
    }

    @Test
    void givesUp_whatWaitedTooLong() {
        route.sighted(seen(Pipeline.FIRST));
        pass(LEASE);
        send("e1");
        pass(PATIENCE.plusMillis(1));
        route.blind();

        assertThat(told).containsExactly("e1 failed");
        assertThat(topics()).isEmpty();
    }

    @Test
    void tellsAFailureAtOnce() {
        route.sighted(seen(Pipeline.FIRST));
        send("e1");
        pass(LEASE);
        producer.errorNext(new TimeoutException("no answer"));

        assertThat(told).containsExactly("e1 failed");
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private List<String> topics() {
        return producer.history().stream().map(one -> one.topic()).toList();
    }

    private Sighting seen(Pipeline pipeline) {
        return new Sighting(pipeline, now);
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
