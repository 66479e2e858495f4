package io.millrace.ingest.adapt.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.ingest.validate.Posted;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What messages become, in the forms in which their SDKs send them. */
class SegmentMappingTest {
    /** analytics-java 3.5.4: no header, the key and the context in the envelope, after the messages. */
    private static final String JAVA = """
            {"batch":[
              {"type":"identify","messageId":"j1","timestamp":"2026-11-23T11:59:58.000Z","userId":"u1","traits":{"plan":"member"}},
              {"type":"track","messageId":"j2","timestamp":"2026-11-23T11:59:59.000Z","context":{"ip":"10.0.0.1"},"userId":"u1",
               "event":"Order Completed","properties":{"revenue":35.790}}],
             "sentAt":"2026-11-23T12:00:00.000Z","context":{"library":{"name":"analytics-java","version":"3.5.4"},"ip":"-"},
             "sequence":1,"writeKey":"wk_secret"}""";

    /** Segment's analytics-node: ids of its own making, metadata, null where nothing is known. */
    private static final String NODE = """
            {"batch":[{"type":"page","userId":"u1","anonymousId":null,"name":"Home","category":"Docs",
             "properties":{"path":"/"},"context":{"library":{"name":"@segment/analytics-node","version":"2.1.0"}},
             "timestamp":"2026-11-23T11:59:59.999Z","messageId":"node-next-1700740799999-4f7d2c1a","integrations":{},
             "_metadata":{"nodeVersion":"20.1.0","jsRuntime":"node"}}],"writeKey":"wk_secret","sentAt":"2026-11-23T12:00:00.010Z"}""";

    /** RudderStack's rudder-sdk-node: times in every message and around them, traits twice. */
    private static final String RUDDER = """
            {"batch":[{"userId":"42","traits":{"age":30},"context":{"traits":{"age":30},"library":{"name":"analytics-node"}},
             "type":"identify","channel":"server","_metadata":{"nodeVersion":"20.1.0"},
             "originalTimestamp":"2026-11-23T11:59:50.000Z","messageId":"r1","sentAt":"2026-11-23T12:00:00.000Z"}],
             "timestamp":"2026-11-23T12:00:00.000Z","sentAt":"2026-11-23T12:00:00.001Z"}""";

    /** analytics.js: one message, which names its writer. */
    private static final String BROWSER = """
            {"timestamp":"2026-11-23T11:59:59.000Z","integrations":{},"anonymousId":"a1","type":"track","event":"Clicked",
             "properties":{"x":1},"context":{"page":{"path":"/"},"userAgent":"Mozilla/5.0","library":{"name":"analytics.js"}},
             "messageId":"ajs-next-1","userId":null,"writeKey":"wk_secret","sentAt":"2026-11-23T11:59:59.001Z",
             "_metadata":{"bundled":["Segment.io"],"unbundled":[],"bundledIds":[]}}""";

    @Test
    void takesABatchOfTheJavaSdk() {
        List<Posted> posted = Read.batch(JAVA);

        Event identify = ((Posted.Valid) posted.get(0)).event();
        assertThat(identify.kind()).isEqualTo(EventKind.IDENTIFY);
        assertThat(identify.id().value()).isEqualTo("j1");
        assertThat(identify.userId()).isEqualTo("u1");
        assertThat(identify.traits()).hasToString("{\"plan\":\"member\"}");
        assertThat(identify.context())
                .hasToString("{\"library\":{\"name\":\"analytics-java\",\"version\":\"3.5.4\"},\"ip\":\"-\"}");
        Event track = ((Posted.Valid) posted.get(1)).event();
        assertThat(track.kind()).isEqualTo(EventKind.TRACK);
        assertThat(track.name()).isEqualTo("Order Completed");
        assertThat(track.properties()).hasToString("{\"revenue\":35.790}");
        assertThat(track.context())
                .hasToString("{\"ip\":\"10.0.0.1\",\"library\":{\"name\":\"analytics-java\",\"version\":\"3.5.4\"}}");
        assertThat(track.times().sent()).isEqualTo(Read.NOW);
        assertThat(track.times().event()).isEqualTo(Read.NOW.minusSeconds(1));
        assertThat(track.source()).isEqualTo(Read.SHOP);
    }

    @Test
    void takesABatchOfTheNodeSdk() {
        Event page = Read.event(Read.batch(NODE));

        assertThat(page.kind()).isEqualTo(EventKind.PAGE);
        assertThat(page.name()).isEqualTo("Home");
        assertThat(page.properties()).hasToString("{\"path\":\"/\",\"category\":\"Docs\"}");
        assertThat(page.anonymousId()).isNull();
        assertThat(page.times().original()).isEqualTo(Read.NOW.minusMillis(1));
    }

    @Test
    void takesABatchOfRudderStack() {
        Event identify = Read.event(Read.batch(RUDDER));

        assertThat(identify.userId()).isEqualTo("42");
        assertThat(identify.traits()).hasToString("{\"age\":30}");
        assertThat(identify.times().original()).isEqualTo(Read.NOW.minusSeconds(10));
        assertThat(identify.times().sent()).isEqualTo(Read.NOW);
        assertThat(identify.times().event()).isEqualTo(Read.NOW.minusSeconds(10));
    }

    @Test
    void takesAMessageOfABrowser() {
        Event track = Read.event(Read.call(EventKind.TRACK, BROWSER));

        assertThat(track.name()).isEqualTo("Clicked");
        assertThat(track.userId()).isNull();
        assertThat(track.anonymousId()).isEqualTo("a1");
        assertThat(track.properties()).hasToString("{\"x\":1}");
        assertThat(track.context().toString()).contains("\"path\":\"/\"").doesNotContain("wk_secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            PAGE     | {"userId":"u","name":"Home"}                                 | Home | {}                              | {}          | {}
            PAGE     | {"userId":"u","category":"Docs"}                             | Docs | {"category":"Docs"}             | {}          | {}
            PAGE     | {"userId":"u","name":"","properties":{"a":1}}                |      | {"a":1}                         | {}          | {}
            SCREEN   | {"userId":"u","name":"S","category":"C","properties":{"category":"own"}} | S | {"category":"own"}      | {}          | {}
            SCREEN   | {"userId":"u","event":"S","category":"C"}                    | S    | {"category":"C"}                | {}          | {}
            TRACK    | {"userId":"u","event":"e","properties":[ ],"traits":[],"context":[]} | e | {}                       | {}          | {}
            GROUP    | {"userId":"u","groupId":"g1","traits":{"name":"Acme"}}       |      | {}                              | {"name":"Acme"} | {"groupId":"g1"}
            GROUP    | {"userId":"u","groupId":7,"context":{"groupId":"x","a":1}}   |      | {}                              | {}          | {"groupId":"7","a":1}
            ALIAS    | {"userId":"u","previousId":"a1"}                             |      | {}                              | {}          | {"previousId":"a1"}
            IDENTIFY | {"userId":"u","context":{"traits":{"b":2}}}                  |      | {}                              | {"b":2}     | {"traits":{"b":2}}
            IDENTIFY | {"userId":"u","traits":{"a":1},"context":{"traits":{"a":2,"b":2}}} | | {}                             | {"a":1,"b":2} | {"traits":{"a":2,"b":2}}
            TRACK    | {"userId":"u","event":"e","traits":{"no":1},"context":{"traits":{"no":1}}} | e | {}                   | {}          | {"traits":{"no":1}}
            """)
    void mapsEachCall(EventKind kind, String body, String name, String properties, String traits, String context) {
        Event event = Read.event(Read.call(kind, body));

        assertThat(event.kind()).isEqualTo(kind);
        assertThat(event.name()).isEqualTo(name);
        assertThat(event.properties()).hasToString(properties);
        assertThat(event.traits()).hasToString(traits);
        assertThat(event.context()).hasToString(context);
    }

    @Test
    void takesTheEndpointsWord_whereTheMessageSaysAnotherKind() {
        assertThat(Read.event(Read.call(EventKind.TRACK, "{\"type\":\"page\",\"userId\":\"u\",\"event\":\"e\"}"))
                        .kind())
                .isEqualTo(EventKind.TRACK);
    }

    @Test
    void takesNumbersAsIds_andBlanksAsNothing() {
        Event event = Read.event(Read.call(
                EventKind.TRACK, "{\"userId\":\"\",\"anonymousId\":123,\"messageId\":\" \",\"event\":\"e\"}"));

        assertThat(event.userId()).isNull();
        assertThat(event.anonymousId()).isEqualTo("123");
        assertThat(event.id().value()).hasSize(36);
    }

    @Test
    void keepsEscapesAndCharacters_asTheyWereSent() {
        Event event = Read.event(Read.call(
                EventKind.TRACK,
                "{\"userId\":\"\\u00fc\\n\",\"event\":\"é \\\"x\\\"\",\"properties\":{\"k\\\"}\" : \"ü\\u0041\"}}"));

        assertThat(event.userId()).isEqualTo("ü\n");
        assertThat(event.name()).isEqualTo("é \"x\"");
        assertThat(event.properties()).hasToString("{\"k\\\"}\" : \"ü\\u0041\"}");
    }

    @Test
    void readsTheWriteKey_andKeepsItNowhere() {
        byte[] body = JAVA.getBytes(java.nio.charset.StandardCharsets.UTF_8);

        assertThat(SegmentAdapter.ofBatches(Read.LIMITS).read(body).writeKey()).isEqualTo("wk_secret");
        assertThat(new String(body, java.nio.charset.StandardCharsets.UTF_8)).doesNotContain("wk_secret");
    }

    @Test
    void readsTheWriteKeyOfTheMessages_whereTheEnvelopeHasNone() {
        byte[] body = "{\"batch\":[{\"type\":\"page\",\"writeKey\":\"wk1\"}]}"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);

        assertThat(SegmentAdapter.ofBatches(Read.LIMITS).read(body).writeKey()).isEqualTo("wk1");
    }
}
