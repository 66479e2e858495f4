package io.millrace.ingest.validate;

import io.millrace.identity.EventId;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes ids for events that came without: UUID version 7 (RFC 9562), which sorts by time. Not secrets. */
final class EventIds {
    private EventIds() {}

    static EventId make(Instant received) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long most = (received.toEpochMilli() << 16) | 0x7000L | random.nextInt(1 << 12);
        long least = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new EventId(new UUID(most, least).toString());
    }
}
