package io.millrace.ingest.adapt.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.ingest.validate.Posted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no CloudEvent, or none that can be kept, and what its dead letter keeps. */
class CloudEventsRefusalTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"id":"1","source":"s","type":"t"}                                               | missing_field     | specversion: given none, expected "1.0"
            {"specversion":"0.3","id":"1","source":"s","type":"t"}                           | invalid_value     | specversion: given 0.3, expected "1.0"
            {"specversion":1.0,"id":"1","source":"s","type":"t"}                             | wrong_type        | specversion: given 1.0, expected a text
            {"specversion":"1.0","source":"s","type":"t"}                                    | missing_field     | id: given none, expected the event's id, which its source gives once
            {"specversion":"1.0","id":"","source":"s","type":"t"}                            | empty_text        | id: given nothing but spaces, expected the event's id, which its source gives once
            {"specversion":"1.0","id":"1","source":null,"type":"t"}                          | missing_field     | source: given none, expected a URI reference
            {"specversion":"1.0","id":"1","source":"s"}                                      | missing_field     | type: given none, expected what happened
            {"specversion":"1.0","id":"1","id":"2","source":"s","type":"t"}                  | duplicate_field   | id: given it twice, expected it once
            {"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":""} | duplicate_field   | data_base64: given it beside data, expected one of both
            {"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"%"}         | invalid_value     | data_base64: given %, expected base64 (RFC 4648, section 4)
            {"specversion":"1.0","id":"1","source":"s","type":"t"}                           | missing_field     | userId: given neither it nor anonymousId, expected one of them
            {"specversion":"1.0","id":"1","source":"s","type":"t","subject":"u","time":"x"}  | invalid_timestamp | originalTimestamp: given "x", expected ISO 8601 with an offset, such as 2026-01-31T12:00:00.000Z
            {"specversion":"1.0","id":"1","source":"s","type":"t","subject":"\\ud800"}       | invalid_character | the text at byte 65: given half a surrogate pair, expected whole characters
            {"specversion"                                                                   | invalid_json      | the body: given no JSON from byte 14 on, expected a CloudEvent
            []                                                                               | not_an_object     | the event: given START_ARRAY, expected an object
            """)
    void saysWhatIsWrong(String body, String code, String detail) {
        Posted.Invalid refused = Delivered.refused(Delivered.structured(body.replace("\\\\", "\\")));

        assertThat(refused.refusal().reason().code()).isEqualTo(code);
        assertThat(refused.refusal().detail()).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ce-type        | %C0%A0  | {}      | invalid_utf8
            ce-x           | %ff     | {}      | invalid_utf8
            ce-type        | a%00    | {}      | invalid_character
            ce-specversion | 2.0     | {}      | invalid_value
            ce-x           | y       | {"a"    | invalid_json
            ce-x           | y       | {},"id":"z"  | invalid_json
            """)
    void saysWhatIsWrong_inBinaryMode(String header, String value, String data, String code) {
        Posted.Invalid refused = Delivered.refused(
                Delivered.binary("application/json", Map.of(header, value), data.getBytes(StandardCharsets.UTF_8)));

        assertThat(refused.refusal().reason().code()).isEqualTo(code);
    }

    @Test
    void keepsARefusedBinaryEvent_inStructuredForm() {
        byte[] data = "{\"a\"".getBytes(StandardCharsets.UTF_8);

        Posted.Invalid refused = Delivered.refused(Delivered.binary("application/json", Map.of("ce-id", "7"), data));

        assertThat(refused.id()).isEqualTo("/s|7");
        assertThat(new String(refused.payload().copy(1_000), StandardCharsets.UTF_8))
                .startsWith("{\"datacontenttype\":\"application/json\",")
                .contains("\"id\":\"7\"")
                .endsWith("\"data_base64\":\"eyJhIg==\"}");
    }

    @Test
    void takes64KiBOfData_inEveryMode_andRefusesTooMuch() {
        String data = "{\"x\":\"" + "x".repeat(64 * 1024 - 8) + "\"}";
        String event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"u\",%s}";
        String base64 = java.util.Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8));

        for (Event taken : List.of(
                Delivered.event(Delivered.structured(event.formatted("\"data\":" + data))),
                Delivered.event(Delivered.structured(event.formatted("\"data_base64\":\"" + base64 + '"'))),
                Delivered.event(
                        Delivered.binary("application/json", Map.of(), data.getBytes(StandardCharsets.UTF_8))))) {
            assertThat(taken.properties()).hasToString(data);
        }
        assertThat(Delivered.event(Delivered.binary("image/png", Map.of(), new byte[64 * 1024]))
                        .properties()
                        .toString())
                .startsWith("{\"data_base64\":\"AAAA");
        assertThat(Delivered.refused(Delivered.binary("image/png", Map.of(), new byte[97 * 1024]))
                        .refusal()
                        .detail())
                .matches("the event: given 99[0-9]{3} bytes, expected at most 98304");
        assertThat(Delivered.refused(Delivered.structured(event.formatted("\"data\":\"" + "x".repeat(97 * 1024) + '"')))
                        .refusal()
                        .reason()
                        .code())
                .isEqualTo("event_too_large");
    }
}
