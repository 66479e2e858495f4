package io.millrace.ingest.adapt.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.identity.Source;
import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.adapt.Intake;
import io.millrace.ingest.validate.Posted;
import io.millrace.ingest.validate.ValidationLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MqttAdapterTest {
    private static final ValidationLimits LIMITS = new ValidationLimits(1_024, 100, 8, Duration.ofHours(24));

    @Test
    void saysWhatTheTopicSays_withThePayloadAsProperties() {
        Event event = valid(Topics.DEFAULT, "devices/dev-1/events/opened", "{ \"price\": 1.50,\"s\":\"\\u00e9\" }");

        assertThat(event.anonymousId()).isEqualTo("dev-1");
        assertThat(event.name()).isEqualTo("opened");
        assertThat(event.kind()).isEqualTo(EventKind.TRACK);
        assertThat(event.properties()).hasToString("{ \"price\": 1.50,\"s\":\"\\u00e9\" }");
        assertThat(event.id().value()).isEqualTo("m1");
    }

    @Test
    void isOfTheClient_whereNothingElseSaysWhose() {
        assertThat(valid(Topics.DEFAULT, "events/opened", "").anonymousId()).isEqualTo("client-1");
        assertThat(valid(Topics.DEFAULT, "users/u1/events/opened", "").anonymousId())
                .isNull();
        assertThat(valid(Topics.DEFAULT, "users/u1/events/opened", "").userId()).isEqualTo("u1");
    }

    @Test
    void takesAWholeEvent_andCompletesIt() {
        Event own = valid(
                Topics.DEFAULT,
                "events",
                " {\"id\":\"e1\",\"userId\":\"u1\",\"name\":\"seen\",\"timestamp\":\"2026-01-31T12:00:00Z\"}");
        Event completed =
                valid("s/{sessionId}/{userId}", "s/ses/u2", "{\"kind\":\"identify\",\"traits\":{\"plan\":\"x\"}}");

        assertThat(own.id().value()).isEqualTo("e1");
        assertThat(own.userId()).isEqualTo("u1");
        assertThat(own.anonymousId()).isNull();
        assertThat(own.times().original()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat(completed.id().value()).isEqualTo("m1");
        assertThat(completed.kind()).isEqualTo(EventKind.IDENTIFY);
        assertThat(completed.userId()).isEqualTo("u2");
        assertThat(completed.context()).hasToString("{\"sessionId\":\"ses\"}");
    }

    @Test
    void completes_whatAnEventSaysToBeNull() {
        String topics = "s/{sessionId}/{userId}/{id},who";
        Event event =
                valid(topics, "s/ses/u2/e2", " { \"userId\":null ,\"id\": null,\"context\":null,\"name\":\"x\" }");
        Event nobody = valid(topics, "who", "{\"userId\":null,\"anonymousId\":null,\"id\":null,\"name\":\"x\"}");

        assertThat(event.userId()).isEqualTo("u2");
        assertThat(event.id().value()).isEqualTo("e2");
        assertThat(event.context()).hasToString("{\"sessionId\":\"ses\"}");
        assertThat(nobody.anonymousId()).isEqualTo("client-1");
        assertThat(nobody.id().value()).isEqualTo("m1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                    | {"sessionId":"ses"}
            { "ip":"::1", "sessionId":null }      | {"sessionId":"ses","ip":"::1"}
            {"ip":"\u00e9",\t"a":[1.50]}           | {"sessionId":"ses","ip":"\u00e9","a":[1.50]}
            {"sessionId":"own"}                   | {"sessionId":"own"}
            """)
    void putsTheSession_intoTheContext(String context, String expected) {
        assertThat(valid("s/{sessionId}", "s/ses", "{\"context\":" + context + ",\"name\":\"x\"}")
                        .context())
                .hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"21.5", "\"on\"", "true", "[1,2]", "null", " -3e2 "})
    void keepsWhatIsNoObject_asAValue(String payload) {
        assertThat(valid(Topics.DEFAULT, "events/reading", payload).properties())
                .hasToString("{\"value\":" + payload.strip() + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ON", "offline", "21.5 C", "true or false", "NaN", "a \"b\" \\ c", "grün"})
    void keepsWords_asAValue(String payload) {
        assertThat(valid(Topics.DEFAULT, "events/state", payload).properties())
                .hasToString("{\"value\":\"" + payload.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}");
    }

    @Test
    void readsWhatSmallDevicesWrite() {
        assertThat(valid(Topics.DEFAULT, "events/state", "ON\0").properties()).hasToString("{\"value\":\"ON\"}");
        assertThat(valid(Topics.DEFAULT, "events/state", " 21.5 C\r\n").properties())
                .hasToString("{\"value\":\"21.5 C\"}");
        assertThat(valid(Topics.DEFAULT, "events/state", "{\"t\":21.5}\n\0").properties())
                .hasToString("{\"t\":21.5}");
        Published latin = new Published(
                "thermometer", "events/state", "21.5 \u00b0C".getBytes(StandardCharsets.ISO_8859_1), null);
        Candidate read = new MqttAdapter(Topics.parse(Topics.DEFAULT), LIMITS).read(latin);
        assertThat(new String(((Candidate.Translated) read).event(), StandardCharsets.UTF_8))
                .contains("{\"value\":\"21.5 \u00b0C\"}");
    }

    @Test
    void hasOneName_whereThePatternSaysSo() {
        String topics = "sensors/+/{anonymousId}/{name:temperature},$aws/things/{anonymousId}/{name},log/{name}/#";

        assertThat(valid(topics, "sensors/hall/t1/temperature", "20").name()).isEqualTo("temperature");
        assertThat(invalid(topics, "sensors/hall/t1/humidity", "20")).isEqualTo(Reason.MISSING_FIELD);
        assertThat(valid(topics, "$aws/things/t2/shadow", "{}").anonymousId()).isEqualTo("t2");
        assertThat(valid(topics, "log/opened/a/b", "{}").name()).isEqualTo("opened");
        assertThat(invalid(topics, "log/opened", "{}")).isEqualTo(Reason.MISSING_FIELD);
        assertThat(valid("/home/{name}", "/home/opened", "{}").name()).isEqualTo("opened");
        assertThat(invalid("/home/{name}", "home/opened", "{}")).isEqualTo(Reason.MISSING_FIELD);
        assertThat(invalid("{name}", "$SYS", "{}")).isEqualTo(Reason.MISSING_FIELD);
        assertThat(invalid("#", "$SYS/x", "{}")).isEqualTo(Reason.MISSING_FIELD);
    }

    @Test
    void namesWhatIsWrong() {
        assertThat(invalid(Topics.DEFAULT, "elsewhere", "{}")).isEqualTo(Reason.MISSING_FIELD);
        assertThat(invalid(Topics.DEFAULT, "events//x", "{}")).isEqualTo(Reason.MISSING_FIELD);
        assertThat(invalid(Topics.DEFAULT, "events/x", "{\"cut\":")).isEqualTo(Reason.INVALID_JSON);
        assertThat(invalid(Topics.DEFAULT, "events/x", "o\0n")).isEqualTo(Reason.INVALID_CHARACTER);
        assertThat(invalid(Topics.DEFAULT, "events", "on")).isEqualTo(Reason.INVALID_JSON);
        assertThat(invalid(Topics.DEFAULT, "events/x", "{} {}")).isEqualTo(Reason.INVALID_JSON);
        assertThat(invalid(Topics.DEFAULT, "events/x", "{},\"userId\":\"other\""))
                .isEqualTo(Reason.INVALID_JSON);
        assertThat(invalid(Topics.DEFAULT, "events/x", "\"" + "x".repeat(2_000) + "\""))
                .isEqualTo(Reason.EVENT_TOO_LARGE);
        assertThat(invalid(Topics.DEFAULT, "events/x", "[".repeat(500) + "]".repeat(500)))
                .isEqualTo(Reason.TOO_DEEP);
        assertThat(invalid(Topics.DEFAULT, "events", "")).isEqualTo(Reason.NOT_AN_OBJECT);
        assertThat(invalid(Topics.DEFAULT, "events", "3")).isEqualTo(Reason.NOT_AN_OBJECT);
        assertThat(invalid(Topics.DEFAULT, "events", "{\"userId\":\"u\"}")).isEqualTo(Reason.MISSING_FIELD);
        assertThat(invalid(Topics.DEFAULT, "events", "{\"name\":\"x\",\"name\":\"y\"}"))
                .isEqualTo(Reason.DUPLICATE_FIELD);
        assertThat(invalid(Topics.DEFAULT, "events/" + "x".repeat(300), "{}")).isEqualTo(Reason.TOO_LONG);
        assertThat(invalid(Topics.DEFAULT, "events/a\0b", "{}")).isEqualTo(Reason.INVALID_CHARACTER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a,,b", "{what}", "{name}/{name}", "a/#/b", "a+/b", "{name:}", "{userId:a{b}", "a/{name"})
    void refusesPatternsThatAreNone(String patterns) {
        assertThatIllegalArgumentException().isThrownBy(() -> Topics.parse(patterns));
    }

    @Test
    void throwsNothing_whateverComes() {
        Random random = new Random(41);
        String alphabet = "{}[]\",:\\0e-. \u0000é";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder payload = new StringBuilder();
            for (int k = random.nextInt(12); k >= 0; k--) {
                payload.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(posted(Topics.DEFAULT, i % 2 == 0 ? "events" : "events/x", payload.toString()))
                    .isNotNull();
        }
    }

    private static Event valid(String topics, String topic, String payload) {
        Posted posted = posted(topics, topic, payload);
        assertThat(posted).isInstanceOf(Posted.Valid.class);
        return ((Posted.Valid) posted).event();
    }

    private static Reason invalid(String topics, String topic, String payload) {
        Posted posted = posted(topics, topic, payload);
        assertThat(posted).isInstanceOf(Posted.Invalid.class);
        return ((Posted.Invalid) posted).refusal().reason();
    }

    private static Posted posted(String topics, String topic, String payload) {
        MqttAdapter adapter = new MqttAdapter(Topics.parse(topics), LIMITS);
        Published message = new Published("client-1", topic, payload.getBytes(StandardCharsets.UTF_8), "m1");
        return new Intake(LIMITS)
                .read(List.of(adapter.read(message)), new Source("web"), Instant.parse("2026-02-01T00:00:00Z"))
                .posted()
                .get(0);
    }
}
