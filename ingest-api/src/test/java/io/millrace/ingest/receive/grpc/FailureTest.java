package io.millrace.ingest.receive.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.outcome.AllProblems;
import io.millrace.ingest.outcome.ErrorsPage;
import io.millrace.ingest.outcome.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void statuses_areThoseThatTheErrorsPageSays() throws Exception {
        Map<String, List<String>> rows = ErrorsPage.rows("Requests");

        for (Problem problem : AllProblems.all()) {
            Failure failure = Failure.of(problem);
            assertThat(rows).containsKey(problem.code());
            List<String> row = rows.getOrDefault(problem.code(), List.of());
            assertThat(failure.status().name()).as(problem.code()).isEqualTo(row.get(1));
            assertThat(failure.retryAfter().isPresent() ? "yes" : "no")
                    .as(problem.code())
                    .isEqualTo(row.get(2));
        }
    }

    @Test
    void sentences_areEncodedAsGrpcSays() {
        assertThat(Failure.message("events: given 0 (100 %), expected \"1\"/2\n\u00fc"))
                .isEqualTo("events: given 0 (100 %25), expected \"1\"/2%0A%C3%BC");
    }
}
