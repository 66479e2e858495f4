package io.millrace.ingest.query;

import com.fasterxml.jackson.core.io.NumberOutput;
import io.millrace.codec.Timestamps;
import io.millrace.identity.Traceparent;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A prediction as a line of CSV, as RFC 4180 says it: commas, CRLF, quotes around what needs them. The inputs are one column
 * of JSON each, so that the columns are the same for every model.
 *
 * <p>A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"): user ids and
 * event ids are whatever anybody posted. Numbers and times are our own and stay as they are; NDJSON has every text exactly.
 */
final class CsvRow {
    static final String HEAD = "id,eventId,source,userId,anonymousId,model,version,sha256,role,score,label,threshold,"
            + "eventTime,receivedAt,scoredAt,traceparent,features,sequence\r\n";

    private static final int USUAL_LENGTH = 768;
    /** What begins a formula; with the wide forms that some spreadsheets read as the narrow ones. */
    private static final String FORMULA = "=+-@\t\r\n＝＋－＠";

    private final StringBuilder line = new StringBuilder(USUAL_LENGTH);

    private CsvRow() {}

    static byte[] of(StoredPrediction stored) {
        Prediction prediction = stored.prediction();
        Traceparent trace = prediction.traceparent();
        CsvRow row = new CsvRow();
        row.line.append(prediction.id());
        row.text(prediction.eventId().value());
        row.text(prediction.source().name());
        row.text(prediction.userId());
        row.text(prediction.anonymousId());
        row.text(prediction.model().name());
        row.text(prediction.model().version());
        row.plain(prediction.sha256().hex());
        row.plain(prediction.role().text());
        row.plain(number(prediction.score()));
        row.text(prediction.label());
        row.plain(number(prediction.threshold()));
        row.plain(Timestamps.format(prediction.eventTime()));
        row.plain(Timestamps.format(prediction.receivedAt()));
        row.plain(Timestamps.format(prediction.scoredAt()));
        row.plain(trace == null ? "" : trace.value());
        row.json(stored.features());
        row.json(stored.sequence());
        return row.line.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What needs neither quotes nor a guard. */
    private void plain(String value) {
        line.append(',').append(value);
    }

    private void text(@Nullable String value) {
        line.append(',');
        if (value != null && !value.isEmpty()) {
            quoted(FORMULA.indexOf(value.charAt(0)) >= 0 ? "'" + value : value);
        }
    }

    /** An object begins with a brace, which begins no formula. */
    private void json(@Nullable JsonObject value) {
        line.append(',');
        if (value != null) {
            quoted(value.toString());
        }
    }

    private void quoted(String value) {
        if (value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')) {
            line.append(value);
        } else {
            line.append('"').append(value.replace("\"", "\"\"")).append('"');
        }
    }

    /** The same text as in JSON, but for whole numbers, which have a fraction here. */
    private static String number(float value) {
        return NumberOutput.toString(value, true);
    }
}
