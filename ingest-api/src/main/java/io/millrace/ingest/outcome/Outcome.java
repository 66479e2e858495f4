package io.millrace.ingest.outcome;

import io.millrace.identity.EventId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of one request that posted events. */
public sealed interface Outcome permits Outcome.Accepted, Outcome.Refused, Problem {
    /**
     * An event that is on the broker, acknowledged by all in-sync replicas.
     *
     * @param index its place in the request, from 0
     * @param id its own, or made by the door
     */
    record AcceptedEvent(int index, EventId id) {}

    /**
     * An event that will never be on the broker, but for its dead letter.
     *
     * @param index its place in the request, from 0
     * @param id its own, where it could be read
     */
    record RefusedEvent(int index, @Nullable String id, Refusal refusal) {}

    /** At least one event was accepted; every one in {@code accepted} is acknowledged. */
    record Accepted(List<AcceptedEvent> accepted, List<RefusedEvent> refused) implements Outcome {
        public Accepted {
            accepted = List.copyOf(accepted);
            refused = List.copyOf(refused);
        }
    }

    /** No event was accepted, each for its own reason. */
    record Refused(List<RefusedEvent> refused) implements Outcome {
        public Refused {
            refused = List.copyOf(refused);
        }
    }
}
