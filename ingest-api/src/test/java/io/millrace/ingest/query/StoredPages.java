package io.millrace.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.prediction.Prediction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Stored rows, what reads them, and what it should have read. */
final class StoredPages implements AutoCloseable {
    static final int ROWS = 300;

    private static final Comparator<Prediction> NEWEST_FIRST = Comparator.comparing(Prediction::receivedAt)
            .thenComparing(prediction -> prediction.id().toString())
            .reversed();

    private final StoredRows rows;
    private final List<Prediction> stored;
    private final Predictions predictions;

    private StoredPages(StoredRows rows, List<Prediction> stored) {
        this.rows = rows;
        this.stored = stored;
        this.predictions = new Predictions(rows.config(4L << 20), new SimpleMeterRegistry());
    }

    static StoredPages start() throws IOException, SQLException {
        StoredRows rows = StoredRows.start();
        List<Prediction> stored = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            // Two at each moment, so that the id decides too; over three days.
            stored.add(StoredRows.prediction(i, StoredRows.at(i / 2 * 1_700L)));
        }
        rows.insert(stored.toArray(Prediction[]::new));
        stored.sort(NEWEST_FIRST);
        return new StoredPages(rows, stored);
    }

    StoredRows rows() {
        return rows;
    }

    Predictions predictions() {
        return predictions;
    }

    /** One of those that are stored, as on the topic. */
    byte[] anyRow() {
        return StoredRows.json(stored.get(0));
    }

    /** Those that pass, newest first, as on the topic. */
    List<String> expected(Predicate<Prediction> filter) {
        return texts(stored.stream().filter(filter).map(StoredRows::json).toList());
    }

    static Answer.Page page(Predictions from, PredictionQuery query) {
        Answer answer = from.read(query);
        assertThat(answer).isInstanceOf(Answer.Page.class);
        return (Answer.Page) answer;
    }

    static List<String> texts(List<byte[]> json) {
        return json.stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void close() throws IOException {
        predictions.close();
        rows.close();
    }
}
