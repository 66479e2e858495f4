package io.millrace.standalone.door;

import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.event.Event;
import io.millrace.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is on user-events now, by id; what a client sent again may be there twice. */
final class UserEvents {
    private UserEvents() {}

    static Map<String, Event> byId(DoorStage stage) throws DecodeException {
        Map<String, Event> events = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> found : stage.records(Topic.USER_EVENTS)) {
            Event event = EventCodec.decode(found.value());
            events.put(event.id().value(), event);
        }
        return events;
    }

    /** All of them in their order in each partition, those that are there twice too. */
    static List<Event> all(DoorStage stage) {
        List<Event> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> found : stage.records(Topic.USER_EVENTS)) {
            try {
                events.add(EventCodec.decode(found.value()));
            } catch (DecodeException e) {
                throw new IllegalStateException("the door wrote what is no event", e);
            }
        }
        return events;
    }

    static List<Event> ofUser(DoorStage stage, String userId) {
        return all(stage).stream()
                .filter(event -> userId.equals(event.userId()))
                .toList();
    }

    static Event of(Map<String, Event> events, String id) {
        return Objects.requireNonNull(events.get(id), id);
    }
}
