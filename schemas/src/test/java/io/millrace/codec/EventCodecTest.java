package io.millrace.codec;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.json.JsonObject;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventCodecTest {
    private static final String EVENT =
            "{\"id\":\"e1\",\"source\":\"shop\",\"userId\":\"u1\",\"kind\":\"track\",\"name\":\"x\","
                    + "\"receivedAt\":\"2019-10-01T00:00:00.000Z\",\"timestamp\":\"2019-10-01T00:00:00.000Z\","
                    + "\"timestampBasis\":\"received\"}";

    @Test
    void properties_areASliceOfTheRecord_withItsVeryBytes() throws Exception {
        String properties = "{ \"a\" : [ {\"}\":\"{é😀\\\"\"} ] ,\"n\":1.50 }";
        byte[] bytes = ("\n {\"properties\" :\t" + properties + " ," + EVENT.substring(1)).getBytes(UTF_8);

        JsonObject read = EventCodec.decode(bytes).properties();

        assertThat(read.toString()).isEqualTo(properties);
        assertThat(read.array()).isSameAs(bytes);
    }

    /** What the door lets in must not be refused behind it. */
    @Test
    void numberOfAnyLength_isCarried() throws Exception {
        String properties = "{\"n\":" + "9".repeat(20_000) + "}";

        Event event = EventCodec.decode(("{\"properties\":" + properties + "," + EVENT.substring(1)).getBytes(UTF_8));

        assertThat(event.properties().toString()).isEqualTo(properties);
    }

    @Test
    void nullFields_areAsGoodAsNotThere() throws Exception {
        String nulls =
                "{\"anonymousId\":null,\"properties\":null,\"traits\":null,\"sentAt\":null," + EVENT.substring(1);

        assertThat(EventCodec.decode(nulls.getBytes(UTF_8))).isEqualTo(EventCodec.decode(EVENT.getBytes(UTF_8)));
    }

    @Test
    void fieldThatStandsTwice_isReadAsTheLast() throws Exception {
        Event event = EventCodec.decode((EVENT.substring(0, EVENT.length() - 1) + ",\"name\":\"y\"}").getBytes(UTF_8));

        assertThat(event.name()).isEqualTo("y");
    }

    @Test
    void sixtyFourLevels_areRead_andOneMoreIsTooDeep() throws Exception {
        String deepest = "{\"properties\":" + "{\"a\":".repeat(62) + "{}" + "}".repeat(62) + "," + EVENT.substring(1);
        String tooDeep = "{\"properties\":" + "{\"a\":".repeat(63) + "{}" + "}".repeat(63) + "," + EVENT.substring(1);

        assertThat(EventCodec.decode(deepest.getBytes(UTF_8)).properties().isEmpty())
                .isFalse();
        assertRefused(tooDeep.getBytes(UTF_8), Reason.TOO_DEEP);
    }

    @Test
    void otherEncodings_areNoJson() {
        assertRefused(EVENT.getBytes(UTF_16LE), Reason.INVALID_JSON);
        assertRefused(("\ufeff" + EVENT).getBytes(UTF_8), Reason.INVALID_JSON);
    }

    @Test
    void damagedRecords_areReadOrRefused_andNothingElseIsThrown() {
        Random random = new Random(6);
        byte[] good = EventCodec.encode(Samples.event());
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                EventCodec.encode(EventCodec.decode(bytes));
            } catch (DecodeException e) {
                refused++;
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(refused).isBetween(10_000, 50_000);
    }

    @Test
    void manyNames_doNotStayInMemory_orSlowTheNextRecord() throws Exception {
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes =
                    ("{\"name" + i + "\":1,\"properties\":{\"p" + i + "\":1}," + EVENT.substring(1)).getBytes(UTF_8);

            assertThat(EventCodec.decode(bytes).name()).isEqualTo("x");
        }
    }

    private static void assertRefused(byte[] bytes, Reason reason) {
        assertThatThrownBy(() -> EventCodec.decode(bytes))
                .isInstanceOfSatisfying(
                        DecodeException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }
}
