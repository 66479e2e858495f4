package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.validate.Framing;
import io.vertx.core.MultiMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventBodyTest {
    @ParameterizedTest
    @CsvSource({
        "application/json, JSON",
        "Application/JSON; charset=UTF-8, JSON",
        "application/json;charset=\"utf-8\", JSON",
        "application/json; profile=x, JSON",
        "application/x-ndjson, NDJSON",
        "application/jsonl, NDJSON",
    })
    void reads_whenTypeIsJson(String type, Framing framing) {
        assertThat(describe(type, "gzip")).isEqualTo(new EventBody.Described.As(new EventBody(framing, true)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "json", ""
            })
    void refuses_whenTypeIsAnother(String type) {
        assertThat(describe(type, "identity")).isInstanceOf(EventBody.Described.Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "gzip, gzip", "zstd"})
    void refuses_whenEncodingIsAnother(String encoding) {
        assertThat(describe("application/json", encoding)).isInstanceOf(EventBody.Described.Unreadable.class);
    }

    private static EventBody.Described describe(String type, String encoding) {
        return EventBody.describe(
                MultiMap.caseInsensitiveMultiMap().add("content-type", type).add("Content-Encoding", encoding));
    }
}
