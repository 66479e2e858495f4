package io.millrace.ingest.receive.mqtt;

import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import org.jspecify.annotations.Nullable;

/** Whose messages these are. */
interface Sender {
    /** Its event is on the broker, or its dead letter. */
    void acknowledge(Message message, @Nullable Refusal refusal);

    /** Whether more of it may be read. */
    void read(boolean more);

    /** It may not publish any more. */
    void dismiss(@Nullable Problem problem);

    /** There is no room for what it sends: it has to send that again, later. */
    void sendAway();
}
