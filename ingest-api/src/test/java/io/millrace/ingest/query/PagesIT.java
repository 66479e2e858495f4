package io.millrace.ingest.query;

import static io.millrace.ingest.query.StoredPages.page;
import static io.millrace.ingest.query.StoredPages.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.prediction.Prediction;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Page after page, whatever happens between them. */
class PagesIT {
    private static @Nullable StoredPages stored;

    @BeforeAll
    static void store() throws IOException, SQLException {
        stored = StoredPages.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (stored != null) {
            stored.close();
        }
    }

    private static StoredPages stored() {
        return Objects.requireNonNull(stored);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 299, 300})
    void pagesGoThroughAllOnce_whateverTheLimit(int limit) {
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            Answer.Page page = page(
                    stored().predictions(),
                    PredictionQuery.newest(limit).cursor(cursor).build());
            assertThat(page.predictions()).hasSizeLessThanOrEqualTo(limit);
            seen.addAll(texts(page.predictions()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(seen).containsExactlyElementsOf(stored().expected(p -> true));
    }

    @Test
    void pagesEndEarlyAndLoseNothing_whenTheyGrowLarge() throws Exception {
        long threeRows = 3L * stored().anyRow().length - 20;
        try (Predictions small = new Predictions(stored().rows().config(threeRows), new SimpleMeterRegistry())) {
            List<String> seen = new ArrayList<>();
            String cursor = null;
            do {
                Answer.Page page =
                        page(small, PredictionQuery.newest(1_000).cursor(cursor).build());
                assertThat(page.predictions()).hasSizeBetween(1, 4);
                seen.addAll(texts(page.predictions()));
                cursor = page.next();
            } while (cursor != null);

            assertThat(seen).containsExactlyElementsOf(stored().expected(p -> true));
        }
    }

    @Test
    void showsWhatWasThereOnce_whenRowsArriveBetweenPages() throws Exception {
        List<String> before = stored().expected(p -> "user-1".equals(p.userId()));
        List<String> seen = new ArrayList<>();
        List<Prediction> arrived = new ArrayList<>();
        try {
            String cursor = null;
            int number = 100_001;
            do {
                Answer.Page page = page(
                        stored().predictions(),
                        PredictionQuery.newest(10)
                                .userId("user-1")
                                .cursor(cursor)
                                .build());
                seen.addAll(texts(page.predictions()));
                cursor = page.next();
                Prediction newest = StoredRows.prediction(number, StoredRows.at(258_000));
                stored().rows().insert(newest);
                arrived.add(newest);
                number += 5;
            } while (cursor != null);
        } finally {
            for (Prediction prediction : arrived) {
                stored().rows().execute("DELETE FROM predictions WHERE id = '" + prediction.id() + "'");
            }
        }

        assertThat(seen).containsExactlyElementsOf(before);
        assertThat(arrived).hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "AAAA", "' OR 1=1 --", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void refusesACursor_whenItIsNoneOfOurs(String cursor) {
        assertThat(stored().predictions()
                        .read(PredictionQuery.newest(10).cursor(cursor).build()))
                .isInstanceOf(Answer.BadCursor.class);
    }

    @Test
    void refusesACursor_whenTheFiltersDiffer() {
        String cursor = page(
                        stored().predictions(),
                        PredictionQuery.newest(10).userId("user-1").build())
                .next();

        Answer answer = stored().predictions()
                .read(PredictionQuery.newest(10).userId("user-2").cursor(cursor).build());

        assertThat(answer).isInstanceOf(Answer.BadCursor.class);
    }
}
