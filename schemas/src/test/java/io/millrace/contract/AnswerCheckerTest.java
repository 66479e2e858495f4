package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A checker that lets everything pass would pass everywhere else. */
class AnswerCheckerTest {
    private static final AnswerChecker ANSWERS = new AnswerChecker();
    private static final String PROBLEM =
            "{\"type\":\"about:blank\",\"title\":\"x\",\"status\":429,\"code\":\"overloaded\",\"detail\":\"y\"}";

    @Test
    void promisedAnswers_pass() {
        assertThat(check("GET", "/healthz", 200, "application/json", "{\"status\":\"ok\"}"))
                .isEmpty();
        assertThat(check("GET", "/v1/users/a%2Fb/predictions", 200, "application/json", "{\"predictions\":[]}"))
                .isEmpty();
        assertThat(check("GET", "/metrics", 200, "text/plain; version=0.0.4; charset=utf-8", "a 1\n"))
                .isEmpty();
        assertThat(check("GET", "/nowhere", 404, "application/problem+json", PROBLEM))
                .isEmpty();
    }

    @Test
    void othersDoNot() {
        assertThat(check("GET", "/healthz", 201, "application/json", "{\"status\":\"ok\"}"))
                .singleElement()
                .asString()
                .contains("given 201, expected one of");
        assertThat(check("GET", "/healthz", 200, "text/plain", "ok"))
                .singleElement()
                .asString()
                .contains("Content-Type");
        assertThat(check("GET", "/healthz", 200, "application/json", "{\"status\":\"sick\"}"))
                .singleElement()
                .asString()
                .contains("status: given \"sick\", expected ok");
        assertThat(check("GET", "/healthz", 200, "application/json", "{"))
                .singleElement()
                .asString()
                .contains("no JSON");
        assertThat(check("GET", "/v1/predictions", 429, "application/problem+json", PROBLEM))
                .singleElement()
                .asString()
                .contains("Retry-After: given none");
        assertThat(check("GET", "/nowhere", 200, "application/json", "{}")).hasSize(1);
        assertThat(check("GET", "/nowhere", 404, "application/json", "{}")).hasSize(1);
    }

    @Test
    void headersAreHeldAgainstTheirSchemas() {
        Map<String, List<String>> headers =
                Map.of("content-type", List.of("application/problem+json"), "retry-after", List.of("soon"));

        assertThat(ANSWERS.problems("GET", "/v1/predictions", 429, headers, PROBLEM.getBytes(StandardCharsets.UTF_8)))
                .singleElement()
                .asString()
                .contains("Retry-After");
    }

    private static List<String> check(String method, String path, int status, String type, String body) {
        return ANSWERS.problems(
                method, path, status, Map.of("content-type", List.of(type)), body.getBytes(StandardCharsets.UTF_8));
    }
}
