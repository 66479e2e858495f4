package io.millrace.ingest.adapt.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.ingest.validate.Posted;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What CloudEvents become, in the forms in which their senders send them. */
class CloudEventsMappingTest {
    /** The example of the specification's JSON format. */
    private static final String SPECIFIED = """
            {"specversion":"1.0","type":"com.example.someevent","source":"/mycontext","subject":null,"id":"C234-1234-1234",
             "time":"2018-04-05T17:31:00Z","comexampleextension1":"value","comexampleothervalue":5,
             "datacontenttype":"application/json","data":{"appinfoA":"abc","appinfoB":123,"appinfoC":true},"userid":"u1"}""";

    /** Azure Event Grid: batches, a source and a subject that are paths. */
    private static final String EVENT_GRID = """
            [{"source":"/subscriptions/319a9601-1ec0-0000-aebc-8fe82724c81e/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/a",
              "subject":"/blobServices/default/containers/c/blobs/f.txt","type":"Microsoft.Storage.BlobCreated",
              "time":"2026-11-22T18:41:00.9584103Z","id":"831e1650-001e-001b-66ab-eeb76e069631",
              "data":{"api":"PutBlockList","userId":"no"},"specversion":"1.0"}]""";

    /** Dapr: a topic beside the attributes, an empty trace state, no subject. */
    private static final String DAPR = """
            {"data":{"orderId":"100","userId":7},"datacontenttype":"application/json","id":"5929aaac-a5e2-4ca1-859c-edfe73f11565",
             "pubsubname":"pubsub","source":"checkout","specversion":"1.0","time":"2026-11-23T11:59:59Z","topic":"orders",
             "traceid":"00-113ad9c4e42b27583ae98ba698d54255-e3743e35ff56f219-01","tracestate":"","type":"com.dapr.event.sent"}""";

    @Test
    void takesTheExampleOfTheSpecification() {
        Event event = Delivered.event(Delivered.structured(SPECIFIED));

        assertThat(event.kind()).isEqualTo(EventKind.TRACK);
        assertThat(event.id().value()).isEqualTo("/mycontext|C234-1234-1234");
        assertThat(event.name()).isEqualTo("com.example.someevent");
        assertThat(event.userId()).isEqualTo("u1");
        assertThat(event.times().event()).isEqualTo(Instant.parse("2018-04-05T17:31:00Z"));
        assertThat(event.properties()).hasToString("{\"appinfoA\":\"abc\",\"appinfoB\":123,\"appinfoC\":true}");
        assertThat(event.context())
                .hasToString(
                        "{\"cloudevent\":{\"source\":\"/mycontext\",\"id\":\"C234-1234-1234\",\"comexampleextension1\":\"value\","
                                + "\"comexampleothervalue\":5,\"datacontenttype\":\"application/json\",\"userid\":\"u1\"}}");
    }

    @Test
    void takesABatchOfEventGrid_andDigestsAnIdentityThatIsTooLong() {
        Event event = Delivered.event(Delivered.batch(EVENT_GRID));

        assertThat(event.id().value()).matches("sha256:[0-9a-f]{64}");
        assertThat(event.userId()).isEqualTo("/blobServices/default/containers/c/blobs/f.txt");
        assertThat(event.times().original()).isEqualTo(Instant.parse("2026-11-22T18:41:00.958Z"));
        assertThat(event.context().toString()).contains("\"id\":\"831e1650-001e-001b-66ab-eeb76e069631\"");
    }

    @Test
    void takesAnEventOfDapr_whoseUserIsInItsData() {
        Event event = Delivered.event(Delivered.structured(DAPR));

        assertThat(event.userId()).isEqualTo("7");
        assertThat(event.properties()).hasToString("{\"orderId\":\"100\",\"userId\":7}");
        assertThat(event.context().toString()).contains("\"topic\":\"orders\"").contains("\"tracestate\":\"\"");
    }

    /** Knative delivers so. */
    @Test
    void takesHeaders_inAnyCase_andDecodesThemOnce() {
        Event event = Delivered.event(Delivered.binary(
                "application/json",
                Map.of(
                        "Ce-Subject", "Euro%20%E2%82%AC%20%F0%9F%98%80",
                        "CE-Source", "/a%2520b",
                        "ce-knativearrivaltime", "2026-11-23T12:00:00Z"),
                "{\"a\": 1.0}".getBytes(StandardCharsets.UTF_8)));

        assertThat(event.userId()).isEqualTo("Euro € 😀");
        assertThat(event.id().value()).isEqualTo("/a%20b|1");
        assertThat(event.context().toString()).contains("\"knativearrivaltime\":\"2026-11-23T12:00:00Z\"");
        assertThat(event.properties()).hasToString("{\"a\": 1.0}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "userid":"a","anonymousid":"b","subject":"c","sessionid":"d" | a | b
            "anonymousid":"b","subject":"c","sessionid":"d"              |   | b
            "subject":"c","sessionid":"d"                                | c |
            "subject":" ","sessionid":"d"                                |   | d
            "userid":7                                                   | 7 |
            "data":{"userId":"e","anonymousId":"f","x":{"userId":"no"}}  | e | f
            "userid":"","data":{"anonymousId":9,"userId":null}           |   | 9
            """)
    void saysWhoseEventItIs(String members, String userId, String anonymousId) {
        Event event = Delivered.event(Delivered.structured(
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"," + members + "}"));

        assertThat(event.userId()).isEqualTo(userId);
        assertThat(event.anonymousId()).isEqualTo(anonymousId);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/json                  | {"a":1}    | {"a":1}
            application/json; charset=utf-8   | {"a":"ü"}  | {"a":"ü"}
            application/vnd.x+json            | [1, 2]     | {"data":[1, 2]}
            application/json                  | 17         | {"data":17}
            application/json                  | "a"        | {"data":"a"}
            application/json                  | null       | {}
            application/json                  | ``         | {}
                                              | {"a":1}    | {"a":1}
                                              | a          | {"data_base64":"YQ=="}
            text/plain                        | a"\\b      | {"data":"a\\"\\\\\\\\b"}
            application/xml                   | <a>ü</a>   | {"data":"<a>ü</a>"}
            application/octet-stream          | abc        | {"data_base64":"YWJj"}
            image/png                         | abc        | {"data_base64":"YWJj"}
            """)
    void makesPropertiesOfData_theSameInEveryMode(String type, String data, String properties) {
        byte[] bytes = (data == null ? "" : data).getBytes(StandardCharsets.UTF_8);
        String base64 = java.util.Base64.getEncoder().encodeToString(bytes);
        String declared = type == null ? "" : "\"datacontenttype\":\"" + type + "\",";

        Event binary = Delivered.event(Delivered.binary(type, Map.of(), bytes));
        Event structured = Delivered.event(Delivered.structured(
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"u\"," + declared
                        + "\"data_base64\":\"" + base64 + "\"}"));

        assertThat(binary.properties()).hasToString(properties.replace("\\\\", "\\"));
        assertThat(structured.properties()).isEqualTo(binary.properties());
    }

    @Test
    void decodesTextInItsCharset() {
        Event event = Delivered.event(
                Delivered.binary("text/plain; charset=\"ISO-8859-1\"", Map.of(), new byte[] {'a', (byte) 0xFC}));

        assertThat(event.properties()).hasToString("{\"data\":\"aü\"}");
    }

    @Test
    void tellsSourcesApart_whateverTheirNames() {
        String event = "{\"specversion\":\"1.0\",\"type\":\"t\",\"subject\":\"u\",\"id\":\"%s\",\"source\":\"%s\"}";

        assertThat(Delivered.event(Delivered.structured(event.formatted("b|c", "a")))
                        .id())
                .isNotEqualTo(Delivered.event(Delivered.structured(event.formatted("c", "a|b")))
                        .id());
    }

    @Test
    void takesAnEmptyBatch_andNamesTheBadOnesOfAnother() {
        List<Posted> posted = Delivered.batch("[" + SPECIFIED + ",{\"specversion\":\"1.0\",\"id\":\"2\"},7]");

        assertThat(CloudEvents.adapter(Delivered.BATCH, List.of(), null, Delivered.LIMITS)
                        .orElseThrow()
                        .read("[]".getBytes(StandardCharsets.UTF_8))
                        .candidates())
                .isEmpty();
        assertThat(posted.get(0)).isInstanceOf(Posted.Valid.class);
        assertThat(((Posted.Invalid) posted.get(1)).id()).isEqualTo("2");
        assertThat(((Posted.Invalid) posted.get(1)).refusal().detail())
                .isEqualTo("source: given none, expected a URI reference");
        assertThat(((Posted.Invalid) posted.get(2)).refusal().reason().code()).isEqualTo("not_an_object");
    }

    @Test
    void takesTheJsonFormat_whereItIsCalledPlainJsonAndNoHeaderSaysMore() {
        List<Posted> one = Delivered.posted("application/json", List.of(), SPECIFIED.getBytes(StandardCharsets.UTF_8));
        List<Posted> batch = Delivered.posted(
                "application/json; charset=utf-8", List.of(), (" " + EVENT_GRID).getBytes(StandardCharsets.UTF_8));
        List<Posted> none = Delivered.posted("application/json", List.of(), "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(Delivered.event(one).name()).isEqualTo("com.example.someevent");
        assertThat(Delivered.event(batch).name()).isEqualTo("Microsoft.Storage.BlobCreated");
        assertThat(Delivered.refused(none).refusal().detail()).isEqualTo("specversion: given none, expected \"1.0\"");
    }
}
