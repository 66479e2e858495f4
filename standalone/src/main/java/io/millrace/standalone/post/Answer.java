package io.millrace.standalone.post;

import java.time.Duration;
import java.util.List;

/** What a door said to a batch. */
sealed interface Answer {
    /**
     * The batch is done with: each event was taken or refused for good.
     *
     * @param accepted how many are on the broker
     */
    record Answered(int accepted, List<Refusal> refused) implements Answer {
        public Answered {
            refused = List.copyOf(refused);
        }
    }

    /**
     * The door asks to send the same batch again.
     *
     * @param pause how long to wait before; zero if it did not say
     */
    record Later(String why, Duration pause) implements Answer {}

    /** The batch is more than the door takes in one request. */
    record TooLarge() implements Answer {}

    /** No batch will be taken: a wrong credential, a wrong address. */
    record Denied(String why) implements Answer {}
}
