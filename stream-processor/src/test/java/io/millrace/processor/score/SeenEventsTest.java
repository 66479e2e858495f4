package io.millrace.processor.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenEventsTest {
    private static final byte[] USER = {1};
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final WindowStore<byte[], byte[]> store = Stores.windowStoreBuilder(
                    Stores.inMemoryWindowStore("seen", SeenEvents.RETENTION, SeenEvents.WINDOW, false),
                    Serdes.ByteArray(),
                    Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    private final SeenEvents seen = new SeenEvents(store);

    @BeforeEach
    void open() {
        store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void isNewOnce_whenSentAgain() {
        assertThat(seen.isNew(event("web", "e1", NOON), USER)).isTrue();
        assertThat(seen.isNew(event("web", "e1", NOON.plusSeconds(1)), USER)).isFalse();
    }

    @Test
    void isNew_whenAnotherSourceUsesTheId() {
        assertThat(seen.isNew(event("web", "e1", NOON), USER)).isTrue();
        assertThat(seen.isNew(event("app", "e1", NOON), USER)).isTrue();
        assertThat(seen.isNew(event("web", "e2", NOON), USER)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5, 11, 12, 13, 18, 23})
    void remembers24Hours_whereverTheWindowsLie(long hourOfDay) {
        Instant first = Instant.parse("2026-11-22T00:00:00Z").plus(Duration.ofHours(hourOfDay));
        assertThat(seen.isNew(event("web", "e1", first), USER)).isTrue();

        Duration almost = Duration.ofHours(24).minusMillis(1);
        assertThat(seen.isNew(event("web", "e1", first.plus(almost)), USER)).isFalse();
        assertThat(seen.isNew(event("web", "e1", first.plus(Duration.ofHours(24))), USER))
                .isTrue();
    }

    private static Event event(String source, String id, Instant received) {
        return new Event(
                new EventId(id),
                new Source(source),
                "u1",
                null,
                EventKind.TRACK,
                "product_viewed",
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, received, received, EventTimes.Basis.RECEIVED));
    }
}
