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
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Page after page, whatever happens between them. */
class PagesIT {
    private static final int ROWS = 300;
    private static final Comparator<Prediction> NEWEST_FIRST = Comparator.comparing(Prediction::receivedAt)
            .thenComparing(prediction -> prediction.id().toString())
            .reversed();

    private static @Nullable StoredRows rows;
    private static @Nullable Predictions predictions;
    private static final List<Prediction> STORED = new ArrayList<>();

    @BeforeAll
    static void store() throws IOException, SQLException {
        StoredRows database = StoredRows.start();
        rows = database;
        for (int i = 0; i < ROWS; i++) {
            // Two at each moment, so that the id decides too; over three days.
            STORED.add(StoredRows.prediction(i, StoredRows.at(i / 2 * 1_700L)));
        }
        database.insert(STORED.toArray(Prediction[]::new));
        STORED.sort(NEWEST_FIRST);
        predictions = new Predictions(database.config(4L << 20), new SimpleMeterRegistry());
    }

    @AfterAll
    static void stop() throws IOException {
        if (predictions != null) {
            predictions.close();
        }
        if (rows != null) {
            rows.close();
        }
    }

    private static Predictions predictions() {
        return Objects.requireNonNull(predictions);
    }

    private static Answer.Page page(Predictions from, PredictionQuery query) {
        Answer answer = from.read(query);
        assertThat(answer).isInstanceOf(Answer.Page.class);
        return (Answer.Page) answer;
    }

    private static List<String> texts(List<byte[]> json) {
        return json.stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> expected(Predicate<Prediction> filter) {
        return texts(STORED.stream().filter(filter).map(StoredRows::json).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 299, 300})
    void pagesGoThroughAllOnce_whateverTheLimit(int limit) {
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            Answer.Page page = page(
                    predictions(), PredictionQuery.newest(limit).cursor(cursor).build());
            assertThat(page.predictions()).hasSizeLessThanOrEqualTo(limit);
            seen.addAll(texts(page.predictions()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(seen).containsExactlyElementsOf(expected(p -> true));
    }

    @Test
    void pagesEndEarlyAndLoseNothing_whenTheyGrowLarge() throws Exception {
        long threeRows = 3L * StoredRows.json(STORED.get(0)).length - 20;
        try (Predictions small =
                new Predictions(Objects.requireNonNull(rows).config(threeRows), new SimpleMeterRegistry())) {
            List<String> seen = new ArrayList<>();
            String cursor = null;
            do {
                Answer.Page page =
                        page(small, PredictionQuery.newest(1_000).cursor(cursor).build());
                assertThat(page.predictions()).hasSizeBetween(1, 4);
                seen.addAll(texts(page.predictions()));
                cursor = page.next();
            } while (cursor != null);

            assertThat(seen).containsExactlyElementsOf(expected(p -> true));
        }
    }

    @Test
    void showsWhatWasThereOnce_whenRowsArriveBetweenPages() throws Exception {
        List<String> before = expected(p -> "user-1".equals(p.userId()));
        List<String> seen = new ArrayList<>();
        List<Prediction> arrived = new ArrayList<>();
        try {
            String cursor = null;
            int number = 100_001;
            do {
                Answer.Page page = page(
                        predictions(),
                        PredictionQuery.newest(10)
                                .userId("user-1")
                                .cursor(cursor)
                                .build());
                seen.addAll(texts(page.predictions()));
                cursor = page.next();
                Prediction newest = StoredRows.prediction(number, StoredRows.at(258_000));
                Objects.requireNonNull(rows).insert(newest);
                arrived.add(newest);
                number += 5;
            } while (cursor != null);
        } finally {
            for (Prediction prediction : arrived) {
                Objects.requireNonNull(rows).execute("DELETE FROM predictions WHERE id = '" + prediction.id() + "'");
            }
        }

        assertThat(seen).containsExactlyElementsOf(before);
        assertThat(arrived).hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "AAAA", "' OR 1=1 --", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void refusesACursor_whenItIsNoneOfOurs(String cursor) {
        assertThat(predictions().read(PredictionQuery.newest(10).cursor(cursor).build()))
                .isInstanceOf(Answer.BadCursor.class);
    }

    @Test
    void refusesACursor_whenTheFiltersDiffer() {
        String cursor = page(
                        predictions(),
                        PredictionQuery.newest(10).userId("user-1").build())
                .next();

        Answer answer = predictions()
                .read(PredictionQuery.newest(10).userId("user-2").cursor(cursor).build());

        assertThat(answer).isInstanceOf(Answer.BadCursor.class);
    }
}
