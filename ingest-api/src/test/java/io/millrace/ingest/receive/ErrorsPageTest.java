package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.deadletter.Reason;
import io.millrace.ingest.outcome.AllProblems;
import io.millrace.ingest.outcome.ErrorsPage;
import io.millrace.ingest.outcome.Problem;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorsPageTest {
    @Test
    void problems_areListedWithTheirStatuses() throws Exception {
        Map<String, List<String>> rows = ErrorsPage.rows("Requests");

        assertThat(rows.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        AllProblems.all().stream().map(Problem::code).toList());
        for (Problem problem : AllProblems.all()) {
            assertThat(rows.getOrDefault(problem.code(), List.of()).get(0))
                    .as(problem.code())
                    .isEqualTo(Integer.toString(HttpStatus.of(problem).code()));
        }
    }

    @Test
    void reasonsOfTheDoor_areListed() throws Exception {
        assertThat(ErrorsPage.rows("Events").keySet())
                .containsExactlyElementsOf(EnumSet.range(Reason.INVALID_JSON, Reason.EMPTY_BATCH).stream()
                        .map(Reason::code)
                        .toList());
    }
}
