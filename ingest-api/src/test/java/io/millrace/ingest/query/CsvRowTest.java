package io.millrace.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.identity.EventId;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvRowTest {
    private static final Prediction SAMPLE = StoredRows.prediction(3, StoredRows.at(60));

    @Test
    void writesTheColumnsThatTheHeadNames() {
        String row = row("event-3", "user-3", JsonObject.of("{\"a\":1,\"b\":\"x\"}"));

        assertThat(row)
                .isEqualTo(SAMPLE.id() + ",event-3,app,user-3,,churn,1.0.3,"
                        + SAMPLE.sha256().hex() + ",champion,0.03,not_purchase,0.5,"
                        + "2026-03-01T00:00:57.000Z,2026-03-01T00:01:00.000Z,2026-03-01T00:01:00.008Z,,"
                        + "\"{\"\"a\"\":1,\"\"b\"\":\"\"x\"\"}\",\r\n");
        assertThat(CsvRow.HEAD.split(",", -1)).hasSize(18);
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("=1+1", "'=1+1"),
                Arguments.of("+1", "'+1"),
                Arguments.of("-1", "'-1"),
                Arguments.of("@SUM(A1)", "'@SUM(A1)"),
                Arguments.of("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
                Arguments.of("\t=1", "'\t=1"),
                Arguments.of("\n=1", "\"'\n=1\""),
                Arguments.of("＝1", "'＝1"),
                Arguments.of("a=1", "a=1"),
                Arguments.of("a,b", "\"a,b\""),
                Arguments.of("say \"hi\"", "\"say \"\"hi\"\"\""),
                Arguments.of("two\nlines", "\"two\nlines\""),
                Arguments.of("é😀", "é😀"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void guardsAndQuotesWhatAnybodyPosted(String userId, String cell) {
        assertThat(row("e", userId, JsonObject.EMPTY)).contains(",app," + cell + ",,churn,");
        assertThat(row(userId, "u", JsonObject.EMPTY)).contains(SAMPLE.id() + "," + cell + ",app,u,");
    }

    private static String row(String eventId, String userId, JsonObject features) {
        Prediction prediction = new Prediction(
                SAMPLE.id(),
                new EventId(eventId),
                SAMPLE.source(),
                userId,
                null,
                SAMPLE.model(),
                SAMPLE.sha256(),
                SAMPLE.role(),
                SAMPLE.score(),
                SAMPLE.label(),
                SAMPLE.threshold(),
                SAMPLE.inputs(),
                SAMPLE.eventTime(),
                SAMPLE.receivedAt(),
                SAMPLE.scoredAt(),
                null);
        return new String(CsvRow.of(new StoredPrediction(prediction, features, null)), StandardCharsets.UTF_8);
    }
}
