package io.millrace.ingest.adapt.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.deadletter.Reason;
import io.millrace.event.EventKind;
import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.validate.Posted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, by whose id and why; its neighbours are not. */
class SegmentLimitsTest {
    private static final String GOOD = "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"e\",\"messageId\":\"good\"}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"track","userId":"u","messageId":"m"}                          | m | MISSING_FIELD
            {"type":"track","event":"e","messageId":"m"}                           | m | MISSING_FIELD
            {"userId":"u","event":"e","messageId":"m"}                             | m | MISSING_FIELD
            {"type":"erase","userId":"u","messageId":"m"}                          | m | UNKNOWN_KIND
            {"type":"merge","userId":"u","messageId":"m"}                          | m | UNKNOWN_KIND
            {"type":7,"userId":"u","messageId":"m"}                                | m | WRONG_TYPE
            {"type":"page","userId":["u"],"messageId":"m"}                         | m | WRONG_TYPE
            {"type":"page","userId":"u","context":"c","messageId":"m"}             | m | WRONG_TYPE
            {"type":"page","userId":"u","properties":[1],"category":"c","messageId":"m"} | m | WRONG_TYPE
            {"type":"track","userId":"u","event":"a","event":"b","messageId":"m"}  | m | DUPLICATE_FIELD
            {"type":"page","userId":"u","messageId":"m","name":"\\u0000"}          |   | INVALID_CHARACTER
            "text"                                                                 |   | NOT_AN_OBJECT
            null                                                                   |   | NOT_AN_OBJECT
            17                                                                     |   | NOT_AN_OBJECT
            []                                                                     |   | NOT_AN_OBJECT
            """)
    void refusesOne_andTakesItsNeighbours(String bad, String id, Reason reason) {
        List<Posted> posted = Read.batch("{\"batch\":[" + GOOD + "," + bad + "," + GOOD + "]}");

        assertThat(posted).hasSize(3);
        assertThat(posted.get(0)).isInstanceOf(Posted.Valid.class);
        assertThat(posted.get(1)).isInstanceOfSatisfying(Posted.Invalid.class, invalid -> {
            assertThat(invalid.refusal().reason()).isEqualTo(reason);
            assertThat(invalid.id()).isEqualTo(id);
            assertThat(invalid.index()).isEqualTo(1);
        });
        assertThat(posted.get(2)).isInstanceOf(Posted.Valid.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                 | EMPTY_BATCH
            nonsense                           | INVALID_JSON
            {"batch":[{"type":"page"           | INVALID_JSON
            {"batch":[]} {}                    | INVALID_JSON
            []                                 | NOT_AN_OBJECT
            {}                                 | MISSING_FIELD
            {"batch":{}}                       | WRONG_TYPE
            {"batch":null}                     | WRONG_TYPE
            """)
    void refusesTheBody_whenItIsNoBatch(String body, Reason reason) {
        assertThat(Read.refused(Read.batch(body)).refusal().reason()).isEqualTo(reason);
    }

    @Test
    void takesAnEmptyBatch_asNothingToDo() {
        Adapted adapted = SegmentAdapter.ofBatches(Read.LIMITS)
                .read("{\"batch\":[],\"writeKey\":\"k\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(adapted.candidates()).isEmpty();
        assertThat(adapted.writeKey()).isEqualTo("k");
    }

    @Test
    void takes2500Messages_andNotOneMore() {
        String message = "{\"type\":\"page\",\"userId\":\"u\"}";

        assertThat(Read.batch("{\"batch\":[" + message + ("," + message).repeat(2_499) + "]}"))
                .hasSize(2_500)
                .allMatch(Posted.Valid.class::isInstance);
        assertThat(Read.refused(Read.batch("{\"batch\":[" + message + ("," + message).repeat(2_500) + "]}"))
                        .refusal()
                        .reason())
                .isEqualTo(Reason.BATCH_TOO_LARGE);
    }

    @Test
    void takes32KiB_whateverTheBatchAdds_andNotOneByteMore() {
        String head = "{\"type\":\"identify\",\"userId\":\"u\",\"messageId\":\"m\",\"context\":{\"traits\":{\"t\":\"";
        String tail = "\"}}}";
        int room = 32 * 1024 - head.length() - tail.length();
        String shared = "{\"context\":{\"app\":\"" + "x".repeat(4_000) + "\"},\"batch\":[";

        assertThat(Read.batch(shared + head + "x".repeat(room) + tail + "]}").get(0))
                .isInstanceOf(Posted.Valid.class);
        assertThat(Read.refused(Read.batch(shared + head + "x".repeat(room + 1) + tail + "]}")))
                .satisfies(invalid -> {
                    assertThat(invalid.refusal().reason()).isEqualTo(Reason.EVENT_TOO_LARGE);
                    assertThat(invalid.id()).isEqualTo("m");
                });
    }

    @Test
    void refusesAContextOfTheBatch_thatWouldMakeMuchOfLittle() {
        assertThat(Read.refused(Read.batch(
                                "{\"batch\":[" + GOOD + "],\"context\":{\"a\":\"" + "x".repeat(5_000) + "\"}}"))
                        .refusal()
                        .reason())
                .isEqualTo(Reason.EVENT_TOO_LARGE);
    }

    @Test
    void takesIdsUnder100Characters() {
        String call = "{\"userId\":\"u\",\"event\":\"e\",\"messageId\":\"%s\"}";

        assertThat(Read.event(Read.call(EventKind.TRACK, call.formatted("i".repeat(99))))
                        .id()
                        .value())
                .hasSize(99);
        assertThat(Read.refused(Read.call(EventKind.TRACK, call.formatted("i".repeat(100)))))
                .satisfies(invalid -> {
                    assertThat(invalid.refusal().reason()).isEqualTo(Reason.TOO_LONG);
                    assertThat(invalid.id()).hasSize(100);
                });
    }

    @Test
    void refusesOneMessage_whenItsBytesAreNoUtf8() {
        byte[] body = ("{\"batch\":[" + GOOD + ",{\"type\":\"page\",\"userId\":\"?\",\"messageId\":\"bad\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        int at = new String(body, StandardCharsets.UTF_8).indexOf('?');
        body[at] = (byte) 0xC3;

        List<Posted> posted = Read.posted(SegmentAdapter.ofBatches(Read.LIMITS), body);

        assertThat(posted.get(0)).isInstanceOf(Posted.Valid.class);
        assertThat(((Posted.Invalid) posted.get(1)).refusal().reason()).isEqualTo(Reason.INVALID_UTF8);
    }
}
