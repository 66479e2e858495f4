package io.millrace.processor.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Redrive;
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
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With each id in memory alone, and with each in the store. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class SeenEventsTest {
    private static final byte[] USER = {1};
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final WindowStore<byte[], byte[]> store = Stores.windowStoreBuilder(
                    Stores.inMemoryWindowStore("seen", SeenEvents.RETENTION, SeenEvents.WINDOW, false),
                    Serdes.ByteArray(),
                    Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    private final SeenEvents seen =
            new SeenEvents((InternalProcessorContext<?, ?>) new MockProcessorContext<>().getStateStoreContext(), store);

    @Parameter
    private boolean written;

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
        assertThat(isNew(event("web", "e1", NOON), null)).isTrue();
        assertThat(isNew(event("web", "e1", NOON.plusSeconds(1)), null)).isFalse();
    }

    @Test
    void isNew_whenAnotherSourceUsesTheId() {
        assertThat(isNew(event("web", "e1", NOON), null)).isTrue();
        assertThat(isNew(event("app", "e1", NOON), null)).isTrue();
        assertThat(isNew(event("web", "e2", NOON), null)).isTrue();
    }

    @Test
    void forgetsAUser_whereverItsIdsAre() {
        assertThat(isNew(event("web", "e1", NOON), null)).isTrue();

        assertThat(seen.forget(USER)).isEqualTo(1);
        assertThat(isNew(event("web", "e1", NOON), null)).isTrue();
    }

    @Test
    void remembersAll_ofMoreThanItKeepsInMemory() {
        for (int i = 0; i < 2_000; i++) {
            assertThat(isNew(event("web", "e" + i, NOON), null)).isTrue();
        }
        for (int i = 0; i < 2_000; i++) {
            assertThat(isNew(event("web", "e" + i, NOON), null)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5, 11, 12, 13, 18, 23})
    void remembers24Hours_whereverTheWindowsLie(long hourOfDay) {
        Instant first = Instant.parse("2026-11-22T00:00:00Z").plus(Duration.ofHours(hourOfDay));
        assertThat(isNew(event("web", "e1", first), null)).isTrue();

        Duration almost = Duration.ofHours(24).minusMillis(1);
        assertThat(isNew(event("web", "e1", first.plus(almost)), null)).isFalse();
        assertThat(isNew(event("web", "e1", first.plus(Duration.ofHours(24))), null))
                .isTrue();
    }

    @Test
    void aRedrive_isNewOnce_althoughItsEventWasSeen_whereTheEventHadBeenTaken() {
        Event refused = event("web", "e1", NOON);
        Redrive redrive = redrive("3-120", NOON.plus(Duration.ofHours(1)), true);
        assertThat(isNew(refused, null)).isTrue();

        assertThat(isNew(refused, redrive)).isTrue();
        assertThat(isNew(refused, redrive)).isFalse();
        assertThat(isNew(refused, redrive("3-121", redrive.at(), true))).isTrue();
        assertThat(isNew(refused, null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 30, 24 * 29})
    void aRedrive_isADuplicate_whereItsProducerSentTheEventAgainMeanwhile(long hoursAfter) {
        Event refused = event("web", "e1", NOON);
        Instant resent = NOON.plus(Duration.ofHours(hoursAfter));
        Redrive redrive = redrive("3-120", resent.plus(Duration.ofHours(2)), false);

        assertThat(isNew(event("web", "e1", resent), null)).isTrue();
        assertThat(isNew(refused, redrive)).isFalse();
    }

    @Test
    void aRedriveOfAnEventThatWasNeverTaken_isNew_andRememberedFromThenOn() {
        Event refused = event("web", "e1", NOON);
        Instant later = NOON.plus(Duration.ofDays(20));

        assertThat(isNew(refused, redrive("3-120", later, false))).isTrue();
        assertThat(isNew(refused, redrive("3-120", later, false))).isFalse();
        assertThat(isNew(refused, redrive("3-121", later.plusSeconds(9), false)))
                .isFalse();
        assertThat(isNew(event("web", "e1", later.plusSeconds(60)), null)).isFalse();
    }

    private boolean isNew(Event event, @Nullable Redrive redrive) {
        boolean isNew = seen.isNew(event, redrive);
        if (isNew) {
            seen.remember(event, redrive, USER);
        }
        if (written) {
            seen.flush();
        }
        return isNew;
    }

    private static Redrive redrive(String letter, Instant at, boolean taken) {
        return new Redrive(LetterId.parse(letter), 2, at, taken, null);
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
