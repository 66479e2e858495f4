package io.millrace.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                                     | JSON",
                "*/*                                                  | JSON",
                "application/*                                        | JSON",
                "text/csv                                             | CSV",
                "text/*                                               | CSV",
                "TEXT/CSV; charset=utf-8                              | CSV",
                "application/x-ndjson                                 | NDJSON",
                "application/x-ndjson, */*                            | JSON",
                "application/x-ndjson, */*;q=0.1                      | NDJSON",
                "application/json;q=0.2, text/csv;q=0.9               | CSV",
                "text/html,application/xhtml+xml,*/*;q=0.8            | JSON",
                "application/*;q=0.5, application/json;q=0, text/html | NDJSON",
                "*/*, application/json;q=0, application/x-ndjson;q=0  | CSV",
                "text/csv;q=2, application/json;q=0.1                 | JSON",
                "nonsense, , text/csv                                 | CSV",
            })
    void choosesWhatTheClientLikesBest(String accept, Format expected) {
        assertThat(Format.accepted(accept)).contains(expected);
    }

    @Test
    void choosesJson_whenTheClientDoesNotSay() {
        assertThat(Format.accepted(null)).contains(Format.JSON);
        assertThat(Format.accepted(" ")).contains(Format.JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml", "*/*;q=0", "nonsense", "application/json;q=x"})
    void choosesNothing_whenNothingIsAccepted(String accept) {
        assertThat(Format.accepted(accept)).isEmpty();
    }

    @Test
    void readsTheParameter() {
        assertThat(Format.parse("csv")).isEqualTo(Format.CSV);
        assertThatThrownBy(() -> Format.parse("CSV")).isInstanceOf(IllegalArgumentException.class);
    }
}
