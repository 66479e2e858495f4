package io.millrace.ingest.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.identity.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    private static final String LEAST = "{\"userId\":\"u1\",\"name\":\"product_viewed\"}";
    private static final Source SOURCE = new Source("web");
    private static final Instant RECEIVED = Instant.parse("2026-01-31T12:00:00Z");

    private final EventReader reader = new EventReader(new ValidationLimits(1_024, 3, 64, Duration.ofHours(24)));

    @Test
    void fillsWhatTheDoorKnows_whenTheLeastIsPosted() {
        Event event = valid(json(LEAST), 0);

        assertThat(event.source()).isEqualTo(SOURCE);
        assertThat(event.kind()).isEqualTo(EventKind.TRACK);
        assertThat(event.times().event()).isEqualTo(RECEIVED);
        assertThat(UUID.fromString(event.id().value()).version()).isEqualTo(7);
        assertThat(event.properties().isEmpty()).isTrue();
    }

    @Test
    void keepsObjectsByteForByte_whateverIsInThem() {
        String properties = "{ \"price\" : 1.50, \"q\":\"}\\\"{\", \"ü\":[{\"a\":[]}] }";

        Event event = valid(json("  [ " + LEAST.replace("}", ",\"properties\":" + properties + "}") + " ] "), 0);

        assertThat(event.properties().toString()).isEqualTo(properties);
    }

    @Test
    void slicesAreRight_whenBodyBeginsWithAByteOrderMark() {
        Event event = valid(json("\uFEFF" + LEAST.replace("}", ",\"properties\":{\"a\":1}}")), 0);

        assertThat(event.properties().toString()).isEqualTo("{\"a\":1}");
    }

    @Test
    void takesNeighbours_whenOneElementIsRefused() {
        String bad = "{\"id\":\"e2\",\"userId\":7,\"name\":\"x\",\"properties\":{\"a\":[1,2]}}";

        Batch batch = json("[" + LEAST + "," + bad + ", " + LEAST + "]");

        assertThat(batch.posted()).hasSize(3);
        assertThat(valid(batch, 2).userId()).isEqualTo("u1");
        Posted.Invalid refused = invalid(batch, 1);
        assertThat(refused.id()).isEqualTo("e2");
        assertThat(refused.refusal().reason()).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refused.refusal().detail()).isEqualTo("userId: given the number 7, expected a text");
        assertThat(text(refused)).isEqualTo(bad);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"userId\":\"a\\u0000\",\"name\":\"x\"}",
                "17",
                "\"text\"",
                "null",
                "[[]]",
                "{\"a\":\"\\ud800\"}"
            })
    void takesNeighbours_whateverTheElementIs(String bad) {
        Batch batch = json("[" + LEAST + "," + bad + "," + LEAST + "]");

        assertThat(batch.posted()).hasSize(3);
        assertThat(valid(batch, 0).userId()).isEqualTo("u1");
        assertThat(valid(batch, 2).userId()).isEqualTo("u1");
        assertThat(text(invalid(batch, 1))).isEqualTo(bad);
    }

    @Test
    void takesNeighbours_whenAnElementIsNoUtf8() {
        byte[] body =
                ("[" + LEAST + ",{\"userId\":\"#\",\"name\":\"x\"}," + LEAST + "]").getBytes(StandardCharsets.UTF_8);
        body[new String(body, StandardCharsets.UTF_8).indexOf('#')] = (byte) 0xFF;

        Batch batch = reader.read(body, Framing.JSON, SOURCE, RECEIVED);

        assertThat(batch.posted()).hasSize(3);
        assertThat(invalid(batch, 1).refusal().reason()).isEqualTo(Reason.INVALID_UTF8);
        assertThat(valid(batch, 2).userId()).isEqualTo("u1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[%s,{bad}]", "[%s", "[%s,", "[%s]]", "[%s %s]", "[%s,]", "%s%s", "[%s,{\"userId\":\"u}]"})
    void takesNothing_whenTheArrayIsNoJson(String shape) {
        Batch batch = json(shape.replace("%s", LEAST));

        assertThat(batch.posted()).hasSize(1);
        assertThat(invalid(batch, 0).refusal().reason()).isEqualTo(Reason.INVALID_JSON);
    }

    @Test
    void refusesLineByLine_whenBodyIsLines() {
        Batch batch = reader.read(
                ("\r\n" + LEAST + "\r\n\n{bad\n[" + LEAST + "]\n").getBytes(StandardCharsets.UTF_8),
                Framing.NDJSON,
                SOURCE,
                RECEIVED);

        assertThat(batch.posted()).hasSize(3);
        assertThat(valid(batch, 0).userId()).isEqualTo("u1");
        assertThat(invalid(batch, 1).refusal().reason()).isEqualTo(Reason.INVALID_JSON);
        assertThat(invalid(batch, 2).refusal().reason()).isEqualTo(Reason.NOT_AN_OBJECT);
        assertThat(text(invalid(batch, 1))).isEqualTo("{bad");
    }

    @Test
    void readsSlicesOfTheRightLine_whenLinesHaveObjects() {
        String second = LEAST.replace("}", ",\"traits\":{\"plan\":\"b\"}}");

        Batch batch =
                reader.read((LEAST + "\n" + second).getBytes(StandardCharsets.UTF_8), Framing.NDJSON, SOURCE, RECEIVED);

        assertThat(valid(batch, 1).traits().toString()).isEqualTo("{\"plan\":\"b\"}");
    }

    @Test
    void refusesTheBatch_whenThereAreTooManyEvents() {
        List<String> four = List.of(LEAST, LEAST, LEAST, LEAST);

        Batch array = json("[" + String.join(",", four) + "]");
        Batch lines =
                reader.read(String.join("\n", four).getBytes(StandardCharsets.UTF_8), Framing.NDJSON, SOURCE, RECEIVED);

        assertThat(invalid(array, 0).refusal().reason()).isEqualTo(Reason.BATCH_TOO_LARGE);
        assertThat(invalid(lines, 0).refusal().reason()).isEqualTo(Reason.BATCH_TOO_LARGE);
        assertThat(lines.posted()).hasSize(1);
    }

    @Test
    void takesTheNeighbour_whenAnEventIsTooLarge() {
        String large = LEAST.replace("}", ",\"context\":{\"a\":\"" + "x".repeat(1_024) + "\"}}");

        Batch batch = json("[" + large + "," + LEAST + "]");

        assertThat(invalid(batch, 0).refusal().reason()).isEqualTo(Reason.EVENT_TOO_LARGE);
        assertThat(valid(batch, 1).userId()).isEqualTo("u1");
    }

    @Test
    void refusesDepthForOneEvent_andBeyondAllMeasureForTheBody() {
        String deep = LEAST.replace("}", ",\"context\":{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}}");

        Batch one = json("[" + deep + "," + LEAST + "]");
        Batch all = json("[".repeat(100_000));

        assertThat(invalid(one, 0).refusal().reason()).isEqualTo(Reason.TOO_DEEP);
        assertThat(valid(one, 1).userId()).isEqualTo("u1");
        assertThat(invalid(all, 0).refusal().reason()).isEqualTo(Reason.TOO_DEEP);
    }

    @Test
    void refuses_whenBodyIsUtf16() {
        Batch batch = reader.read(LEAST.getBytes(StandardCharsets.UTF_16LE), Framing.JSON, SOURCE, RECEIVED);

        assertThat(batch.posted()).hasSize(1);
        assertThat(invalid(batch, 0).refusal().reason()).isEqualTo(Reason.INVALID_CHARACTER);
    }

    private Batch json(String body) {
        return reader.read(body.getBytes(StandardCharsets.UTF_8), Framing.JSON, SOURCE, RECEIVED);
    }

    private static Event valid(Batch batch, int index) {
        assertThat(batch.posted().get(index)).isInstanceOf(Posted.Valid.class);
        return ((Posted.Valid) batch.posted().get(index)).event();
    }

    private static Posted.Invalid invalid(Batch batch, int index) {
        assertThat(batch.posted().get(index)).isInstanceOf(Posted.Invalid.class);
        return (Posted.Invalid) batch.posted().get(index);
    }

    private static String text(Posted.Invalid posted) {
        return new String(posted.payload().copy(Integer.MAX_VALUE), StandardCharsets.UTF_8);
    }
}
