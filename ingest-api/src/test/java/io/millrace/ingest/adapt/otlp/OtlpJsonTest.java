package io.millrace.ingest.adapt.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.deadletter.Reason;
import io.millrace.ingest.validate.Posted;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What JSON allows and others cannot keep: it concerns the record that has it, and no other. */
class OtlpJsonTest {
    private static final String EVENT = """
            {"eventName":"e","timeUnixNano":"1795435190123456789","attributes":[{"key":"user.id","value":{"stringValue":"u"}},
             {"key":"x","value":{"stringValue":"%s"}}]}""";

    @Test
    void letsNoOtherRecordSpoilAnEvent() {
        List<Posted> posted = posted(
                "{\"body\":{\"stringValue\":\"\\u0000\\ud800\"},\"traceId\":\"no hex\",\"severityNumber\":\"INFO\"}",
                EVENT.formatted("good"),
                EVENT.formatted("\\u0000"),
                EVENT.formatted("a\\ud800b"));

        assertThat(posted).hasSize(3);
        assertThat(((Posted.Valid) posted.get(0)).event().properties()).hasToString("{\"x\":\"good\"}");
        assertThat(((Posted.Invalid) posted.get(1)).refusal().reason()).isEqualTo(Reason.INVALID_CHARACTER);
        assertThat(((Posted.Valid) posted.get(2)).event().properties()).hasToString("{\"x\":\"a\uFFFDb\"}");
    }

    /** As a tree a number of many digits would take long to make. */
    @Test
    void refusesNumbersBeyondAllMeasure() {
        OtlpLogs logs = new OtlpLogs(OtlpEncoding.JSON, OtlpLogsTest.LIMITS);

        logs.read(OtlpLogsTest.bytes("{\"x\":" + "7".repeat(900_000) + "}"));

        assertThat(logs.isUnreadable()).isTrue();
    }

    /** JavaScript writes NaN as null, some serializers every member, and some numbers as texts with a point. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"doubleValue\":null}                          | {}",
                "{\"stringValue\":null,\"intValue\":\"5\"}       | {\"x\":5}",
                "{\"intValue\":\"1.0\"}                          | {\"x\":1}",
                "{\"intValue\":9223372036854775808}            | {\"x\":9.223372036854776E18}",
                "{\"doubleValue\":1E2147483648}                | {\"x\":\"Infinity\"}",
                "{\"intValue\":\"1.5\"}                          | {\"x\":1.5}",
                "{\"doubleValue\":\"NaN\"}                       | {\"x\":\"NaN\"}",
                "{\"bytesValue\":\"_-8\"}                        | {\"x\":\"/+8=\"}",
            })
    void readsWhatSendersMakeOfValues(String value, String properties) {
        List<Posted> posted =
                posted("{\"eventName\":\"e\",\"attributes\":[{\"key\":\"user.id\",\"value\":{\"stringValue\":\"u\"}},"
                        + "{\"key\":\"x\",\"value\":" + value + "}]}");

        assertThat(((Posted.Valid) posted.get(0)).event().properties()).hasToString(properties);
    }

    private static List<Posted> posted(String... records) {
        return OtlpLogsTest.posted(
                OtlpEncoding.JSON,
                OtlpLogsTest.bytes(
                        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" + String.join(",", records) + "]}]}]}"));
    }
}
