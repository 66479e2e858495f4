package io.millrace.ingest.receive.mqtt;

import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.outcome.Outcome.RefusedEvent;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.receive.mqtt.MqttMeters.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Messages of one device that go to Kafka together, in their order; what each holds is counted until it is over. Immutable. */
record Together(List<Message> messages) {
    static final Together NONE = new Together(List.of());

    Together {
        messages = List.copyOf(messages);
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    int size() {
        return messages.size();
    }

    long bytes() {
        return messages.stream().mapToLong(Message::bytes).sum();
    }

    /** Those that are events, or were to be. */
    List<Candidate> events() {
        List<Candidate> events = new ArrayList<>(messages.size());
        for (Message message : messages) {
            if (message.candidate() != null) {
                events.add(message.candidate());
            }
        }
        return events;
    }

    /** They are on the broker, or their dead letters are. */
    void done(Desk desk, List<RefusedEvent> refused, Sender sender) {
        release(desk);
        Map<Integer, Refusal> refusals = new HashMap<>();
        refused.forEach(event -> refusals.put(event.index(), event.refusal()));
        int events = 0;
        for (Message message : messages) {
            Refusal refusal = null;
            if (message.candidate() != null) {
                refusal = refusals.get(events++);
                desk.meters().message(refusal == null ? Fate.ACCEPTED : Fate.REFUSED);
            }
            sender.acknowledge(message, refusal);
        }
    }

    /** What was promised to nobody is counted; the rest its device sends again. */
    void forget(Desk desk) {
        release(desk);
        messages.stream()
                .filter(message -> !message.isPromised())
                .forEach(message -> desk.meters().message(Fate.DROPPED));
    }

    /** Forgets all but wills. */
    Together wills(Desk desk) {
        new Together(messages.stream().filter(message -> !message.isWill()).toList()).forget(desk);
        return new Together(messages.stream().filter(Message::isWill).toList());
    }

    private void release(Desk desk) {
        desk.meters().inFlight(-messages.size());
        desk.waiting().give(bytes());
    }
}
