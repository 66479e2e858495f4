package io.millrace.ingest.adapt.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.adapt.Intake;
import io.millrace.ingest.validate.Posted;
import io.millrace.ingest.validate.ValidationLimits;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What log records become, in the forms in which SDKs and collectors send them. */
class OtlpLogsTest {
    static final ValidationLimits LIMITS = new ValidationLimits(32 * 1024, 2_500, 64, Duration.ofHours(24));
    private static final Intake INTAKE = new Intake(LIMITS);
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.000Z");

    /** OpenTelemetry JS: whole numbers as texts, ids in hexadecimal, an event's name in its own field. */
    static final String JS = """
            {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop-web"}},
              {"key":"process.command_args","value":{"arrayValue":{"values":[{"stringValue":"--secret"}]}}}],"droppedAttributesCount":0},
             "scopeLogs":[{"scope":{"name":"web-events","version":"1.2"},"logRecords":[
              {"timeUnixNano":1795435190123456789,"observedTimeUnixNano":"1795435191000000000","severityNumber":9,"severityText":"INFO",
               "eventName":"product_viewed","body":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":1}},{"key":"price","value":{"intValue":"2"}}]}},
               "attributes":[{"key":"session.id","value":{"stringValue":"s1"}},{"key":"user.id","value":{"stringValue":"u1"}},
                {"key":"price","value":{"doubleValue":35.79}},{"key":"n","value":{"intValue":"9007199254740993"}},
                {"key":"tags","value":{"arrayValue":{"values":[{"stringValue":"x"},{"boolValue":true}]}}},
                {"key":"nan","value":{"doubleValue":"NaN"}},{"key":"raw","value":{"bytesValue":"AQI="}},{"key":"none","value":{}}],
               "droppedAttributesCount":0,"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","unknown":1}]}]}]}""";

    @Test
    void takesAnEventOfTheJsSdk() {
        Event event = event(JS);

        assertThat(event.name()).isEqualTo("product_viewed");
        assertThat(event.userId()).isEqualTo("u1");
        assertThat(event.anonymousId()).isNull();
        assertThat(event.times().original()).isEqualTo(Instant.ofEpochMilli(1_795_435_190_123L));
        assertThat(event.properties())
                .hasToString(
                        "{\"a\":1,\"price\":35.79,\"n\":9007199254740993,\"tags\":[\"x\",true],\"nan\":\"NaN\",\"raw\":\"AQI=\"}");
        assertThat(event.context())
                .hasToString(
                        "{\"otel\":{\"resource\":{\"service.name\":\"shop-web\"},\"scope\":\"web-events\",\"scopeVersion\":\"1.2\","
                                + "\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\",\"severity\":\"INFO\","
                                + "\"severityNumber\":9,\"sessionId\":\"s1\"}}");
    }

    @Test
    void givesARecordTheSameId_whenItIsSentAgain_andTwoAlikeTwo() {
        String two = JS.replace(
                "\"logRecords\":[",
                "\"logRecords\":[" + log("\"eventName\":\"e\",\"timeUnixNano\":1795435190123456789") + ","
                        + log("\"eventName\":\"e\",\"timeUnixNano\":1795435190123456789") + ",");

        List<Posted> first = posted(OtlpEncoding.JSON, bytes(two));
        List<Posted> again = posted(OtlpEncoding.JSON, bytes(two));

        assertThat(first).hasSize(3);
        assertThat(ids(again)).isEqualTo(ids(first));
        String noTime = log("\"eventName\":\"e\"");
        assertThat(ids(posted(
                        OtlpEncoding.JSON,
                        bytes("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" + noTime + "," + noTime
                                + "]}]}]}"))))
                .as("made by the door")
                .doesNotHaveDuplicates()
                .allMatch(id -> id.length() == 36);
        assertThat(ids(first)).doesNotHaveDuplicates().allMatch(id -> id.matches("otel-[0-9a-f]{64}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            user.id=u enduser.id=e session.id=s          | u |
            enduser.id=e enduser.pseudo.id=p session.id=s | e | p
            enduser.pseudo.id=p session.id=s             |   | p
            session.id=s                                 |   | s
            """)
    void saysWhoseEventItIs(String attributes, String userId, String anonymousId) {
        LogRecord.Builder log = LogRecord.newBuilder().setEventName("e");
        for (String attribute : attributes.split(" ", -1)) {
            String[] pair = attribute.split("=", -1);
            log.addAttributes(attribute(pair[0], pair[1]));
        }

        Event event = event(request(log));

        assertThat(event.userId()).isEqualTo(userId);
        assertThat(event.anonymousId()).isEqualTo(anonymousId);
    }

    @Test
    void takesTheNameAndTheIdOfAttributes_andTheTimeOfObservation() {
        Event event = event(request(LogRecord.newBuilder()
                .setObservedTimeUnixNano(1_795_435_190_123_456_789L)
                .setBody(AnyValue.newBuilder().setStringValue("seen"))
                .addAttributes(attribute("event.name", "product_viewed"))
                .addAttributes(attribute("log.record.uid", "01JK"))
                .addAttributes(attribute("user.id", "u"))));

        assertThat(event.name()).isEqualTo("product_viewed");
        assertThat(event.id().value()).isEqualTo("01JK");
        assertThat(event.properties()).hasToString("{\"body\":\"seen\"}");
        assertThat(event.times().original()).isEqualTo(Instant.ofEpochMilli(1_795_435_190_123L));
    }

    @Test
    void countsLogsThatAreNoEventsOfAUser_andMakesNothingOfThem() {
        OtlpLogs logs = new OtlpLogs(OtlpEncoding.PROTOBUF, LIMITS);

        Adapted adapted = logs.read(request(
                LogRecord.newBuilder().setBody(AnyValue.newBuilder().setStringValue("GET /")),
                LogRecord.newBuilder().setEventName("e").addAttributes(attribute("user.id", "u")),
                LogRecord.newBuilder().setEventName(" "),
                // As Rust's appender names each log by its place in the code.
                LogRecord.newBuilder().setEventName("event src/main.rs:42").addAttributes(attribute("user", "u"))));

        assertThat(adapted.candidates()).hasSize(1);
        assertThat(logs.nobodys()).isEqualTo(1);
        assertThat(logs.plain()).isEqualTo(2);
        assertThat(logs.isUnreadable()).isFalse();
    }

    @Test
    void refusesRecordsOneByOne_andBodiesWhole() {
        assertThat(refusal(posted(
                        OtlpEncoding.PROTOBUF,
                        request(LogRecord.newBuilder()
                                .setEventName("e")
                                .addAttributes(attribute("user.id", "u".repeat(300)))))))
                .startsWith("userId: given 300 characters, expected at most ");
        assertThat(refusal(posted(
                        OtlpEncoding.PROTOBUF,
                        request(LogRecord.newBuilder()
                                .setEventName("e")
                                .addAttributes(attribute("user.id", "u"))
                                .addAttributes(attribute("x", "x".repeat(40_000)))))))
                .startsWith("the record, as JSON: given 40");
        for (String body :
                List.of("{", "[]", "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"x\"}]}")) {
            OtlpLogs logs = new OtlpLogs(OtlpEncoding.JSON, LIMITS);
            assertThat(logs.read(bytes(body)).candidates()).hasSize(1);
            assertThat(logs.isUnreadable()).as(body).isTrue();
        }
        OtlpLogs logs = new OtlpLogs(OtlpEncoding.PROTOBUF, LIMITS);
        assertThat(logs.read(bytes("{}")).candidates()).hasSize(1);
        assertThat(logs.isUnreadable()).isTrue();
    }

    @Test
    void keepsASmallBodySmall_whateverItsResourceHolds() {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        request.addResourceLogsBuilder().getResourceBuilder().addAttributes(attribute("x", "x".repeat(500_000)));
        request.getResourceLogsBuilder(0).getResourceBuilder().addAttributes(attribute("user.id", "u".repeat(100_000)));
        request.getResourceLogsBuilder(0)
                .addScopeLogsBuilder()
                .getScopeBuilder()
                .setName("n".repeat(100_000));
        for (int i = 0; i < OtlpLogs.MOST_RECORDS; i++) {
            request.getResourceLogsBuilder(0)
                    .getScopeLogsBuilder(0)
                    .addLogRecordsBuilder()
                    .setEventName("e")
                    .addAttributes(attribute("session.id", "s"));
        }

        Adapted adapted =
                new OtlpLogs(OtlpEncoding.PROTOBUF, LIMITS).read(request.build().toByteArray());

        assertThat(adapted.candidates())
                .hasSize(OtlpLogs.MOST_RECORDS)
                .allMatch(Candidate.Translated.class::isInstance);
        assertThat(adapted.bytes()).isLessThan(2_000_000);
    }

    @Test
    void stops_whereASmallBodyBecomesMuch_andKeepsNothingOfIt() {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        var resource = request.addResourceLogsBuilder();
        for (int i = 0; i < 4; i++) {
            resource.getResourceBuilder().addAttributes(attribute("a" + i, "\u0001".repeat(500)));
        }
        for (int i = 0; i < OtlpLogs.MOST_RECORDS; i++) {
            (i == 0 ? resource.addScopeLogsBuilder() : resource.getScopeLogsBuilder(0))
                    .addLogRecordsBuilder()
                    .setEventName("e")
                    .addAttributes(attribute("session.id", "s"));
        }

        OtlpLogs logs = new OtlpLogs(OtlpEncoding.PROTOBUF, LIMITS);
        Adapted adapted = logs.read(request.build().toByteArray());

        assertThat(logs.isUnreadable()).isTrue();
        assertThat(adapted.bytes()).isZero();
    }

    @Test
    void answersInTheEncodingOfTheRequest() throws Exception {
        assertThat(OtlpAnswers.success(OtlpEncoding.PROTOBUF, 0, 0, List.of())).isEmpty();
        assertThat(OtlpAnswers.success(OtlpEncoding.JSON, 0, 0, List.of()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{}");
        assertThat(OtlpAnswers.success(OtlpEncoding.JSON, 1, 1, List.of()))
                .asString(StandardCharsets.UTF_8)
                .startsWith(
                        "{\"partialSuccess\":{\"rejectedLogRecords\":\"2\",\"errorMessage\":\"plain logs, of which ")
                .contains(": 1; logs with a name and without a user, ");
        assertThat(OtlpAnswers.status(OtlpEncoding.JSON, 14, "x"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"code\":14,\"message\":\"x\"}");
        assertThat(OtlpAnswers.status(OtlpEncoding.PROTOBUF, 14, "x")).containsExactly(8, 14, 18, 1, 'x');
    }

    private static String log(String members) {
        return "{" + members + ",\"attributes\":[{\"key\":\"user.id\",\"value\":{\"stringValue\":\"u\"}}]}";
    }

    static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    static byte[] request(LogRecord.Builder... logs) {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        for (LogRecord.Builder log : logs) {
            request.addResourceLogsBuilder().addScopeLogsBuilder().addLogRecords(log);
        }
        return request.build().toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<Posted> posted(OtlpEncoding encoding, byte[] body) {
        return INTAKE.read(new OtlpLogs(encoding, LIMITS).read(body).candidates(), new Source("shop"), NOW)
                .posted();
    }

    private static Event event(String json) {
        return event(posted(OtlpEncoding.JSON, bytes(json)));
    }

    private static Event event(byte[] protobuf) {
        return event(posted(OtlpEncoding.PROTOBUF, protobuf));
    }

    private static Event event(List<Posted> posted) {
        if (posted.get(0) instanceof Posted.Invalid refused) {
            throw new AssertionError(refused.refusal());
        }
        return ((Posted.Valid) posted.get(0)).event();
    }

    private static String refusal(List<Posted> posted) {
        return ((Posted.Invalid) posted.get(0)).refusal().detail();
    }

    private static List<String> ids(List<Posted> posted) {
        return posted.stream()
                .map(one -> ((Posted.Valid) one).event().id().value())
                .toList();
    }
}
