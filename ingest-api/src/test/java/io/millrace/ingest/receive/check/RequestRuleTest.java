package io.millrace.ingest.receive.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.Openapi;
import io.millrace.ingest.outcome.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRuleTest {
    private static final RequestRule LIST = rule(Openapi.ofContract(), "listPredictions");

    private static final RequestRule OTHER = rule(Openapi.read("""
            paths:
              /things/{thing}:
                post:
                  operationId: changeThing
                  parameters:
                    - {name: thing, in: path, required: true, schema: {type: string, pattern: '^[a-z]+$'}}
                    - {name: color, in: query, schema: {type: array, items: {type: string, enum: [red, blue]}}}
                    - {name: size, in: query, explode: false, schema: {type: array, items: {type: integer}}}
                    - {name: deep, in: query, required: true, schema: {type: boolean}}
                    - {name: If-Match, in: header, required: true, schema: {type: string, minLength: 2}}
                  requestBody:
                    required: true
                    content:
                      application/json:
                        schema: {$ref: '#/components/schemas/Thing'}
            components:
              schemas:
                Thing:
                  type: object
                  required: [name]
                  additionalProperties: false
                  properties:
                    name: {type: string, minLength: 1, maxLength: 5}
                    weight: {type: number, minimum: 0}
                    kind: {enum: [small, large]}
                    parts: {type: array, maxItems: 2, items: {$ref: '#/components/schemas/Thing'}}
            """.getBytes(StandardCharsets.UTF_8)), "changeThing");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit | 1",
                "limit | 1000",
                "minScore | 0.5",
                "minScore | -1e-3",
                "role | champion",
                "model | purchase-intent",
                "from | 2026-01-31T12:00:00+01:00",
                "userId | ünï 😀",
            })
    void lets_whatTheContractSays(String name, String value) {
        assertThat(head(LIST, Map.of(), Map.of(name, List.of(value)), "")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit | 0 | limit: given \"0\", expected a whole number from 1 to 1000000",
                "limit | 1000001 | limit: given \"1000001\", expected a whole number from 1 to 1000000",
                "limit | 1.0 | limit: given \"1.0\", expected a whole number from 1 to 1000000",
                "limit | 99999999999999999999 | limit: given \"99999999999999999999\", expected a whole number from 1 to 1000000",
                "limit | '' | limit: given nothing, expected a whole number from 1 to 1000000",
                "minScore | 1e999 | minScore: given \"1e999\", expected a number",
                "minScore | 1e39 | minScore: given \"1e39\", expected a number",
                "minScore | NaN | minScore: given \"NaN\", expected a number",
                "maxScore | 1f | maxScore: given \"1f\", expected a number",
                "role | boss | role: given \"boss\", expected champion, canary or shadow",
                "model | No Model | model: given \"No Model\", expected text that matches ^[a-z0-9][a-z0-9-]{0,63}$",
                "from | today | from: given \"today\", expected a time such as 2026-01-31T12:00:00.000Z (in a query + is written %2B)",
                "eventId | '' | eventId: given nothing, expected text of 1 to 100 characters",
                "color | red | parameter color: expected one of source, userId, eventId, model, version, role, label, minScore, maxScore, from, to, limit, cursor",
            })
    void refuses_whatItDoesNot(String name, String value, String sentence) {
        Optional<Problem> problem = head(LIST, Map.of(), Map.of(name, List.of(value)), "");

        assertThat(problem.map(Problem::code)).hasValue("bad_request");
        assertThat(problem.orElseThrow().detail()).startsWith(sentence.substring(0, Math.min(60, sentence.length())));
        if (!name.equals("color")) {
            assertThat(problem.orElseThrow().detail()).isEqualTo(sentence);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\ud800", "\udc00x"})
    void refuses_textThatNoStoreHolds(String text) {
        assertThat(head(LIST, Map.of(), Map.of("userId", List.of(text)), "")
                        .orElseThrow()
                        .detail())
                .startsWith("userId: ")
                .endsWith("expected text without NUL and without half a surrogate pair");
    }

    @Test
    void refuses_whatIsGivenTwice() {
        assertThat(head(LIST, Map.of(), Map.of("limit", List.of("1", "2")), "")
                        .orElseThrow()
                        .detail())
                .isEqualTo("limit: given 2 times, expected once");
    }

    @Test
    void looksAtPathListsAndHeaders() {
        Map<String, String> path = Map.of("thing", "chair");
        List<String> yes = List.of("true");

        assertThat(head(
                        OTHER,
                        path,
                        Map.of("deep", yes, "color", List.of("red", "blue"), "size", List.of("1,2")),
                        "ab"))
                .isEmpty();
        assertThat(detail(head(OTHER, Map.of("thing", "X"), Map.of("deep", yes), "ab")))
                .startsWith("thing: given \"X\"");
        assertThat(detail(head(OTHER, path, Map.of(), "ab"))).isEqualTo("deep: given none, expected true or false");
        assertThat(detail(head(OTHER, path, Map.of("deep", List.of("yes")), "ab")))
                .isEqualTo("deep: given \"yes\", expected true or false");
        assertThat(detail(head(OTHER, path, Map.of("deep", yes, "color", List.of("red", "green")), "ab")))
                .isEqualTo("color: given \"green\", expected red or blue");
        assertThat(detail(head(OTHER, path, Map.of("deep", yes, "size", List.of("1,x")), "ab")))
                .isEqualTo("size: given \"x\", expected a whole number");
        assertThat(detail(head(OTHER, path, Map.of("deep", yes), "a")))
                .isEqualTo("If-Match: given \"a\", expected text of at least 2 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | the body: given none, expected JSON",
                "{ | the body: expected JSON, UTF-8, at most 64 levels deep: ",
                "{\"name\":\"a\"} x | the body: expected JSON, UTF-8, at most 64 levels deep: ",
                "{\"name\":\"a\",\"name\":\"b\"} | the body: expected JSON, UTF-8, at most 64 levels deep: Duplicate",
                "[] | the body: given [], expected an object",
                "{} | the body's name: given none, expected text of 1 to 5 characters",
                "{\"name\":1} | the body's name: given 1, expected text of 1 to 5 characters",
                "{\"name\":\"a\",\"weight\":-1} | the body's weight: given -1, expected a number of at least 0",
                "{\"name\":\"a\",\"weight\":1e999} | the body's weight: given a number beyond 1.8e308, expected one that a double holds",
                "{\"name\":\"a\",\"kind\":\"x\"} | the body's kind: given \"x\", expected small or large",
                "{\"name\":\"a\",\"wait\":1} | the body's wait: given it, expected only name, weight, kind, parts",
                "{\"name\":\"a\",\"parts\":[{\"name\":\"b\"},{}]} | the body's parts/1/name: given none, expected text of 1 to 5",
                "{\"name\":\"a\\u0000\"} | the body's name: given \"a\\u0000\", expected text without NUL",
                "{\"name\":\"\\ud83d\"} | the body's name: given",
            })
    void refusesBodies(String body, String sentence) {
        assertThat(detail(OTHER.checkBody(body.getBytes(StandardCharsets.UTF_8))))
                .startsWith(sentence);
    }

    @Test
    void letsBodies_andDoesNotDieOfDeepOnes() {
        assertThat(OTHER.checkBody("{\"name\":\"a\",\"parts\":[{\"name\":\"b\"}]}".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(detail(OTHER.checkBody(new byte[] {0, 0, 5, 0, 1, 0, 0, 0}))).startsWith("the body: expected JSON");
        assertThat(detail(OTHER.checkBody("[".repeat(500_000).getBytes(StandardCharsets.UTF_8))))
                .startsWith("the body: expected JSON");
        assertThat(LIST.checkBody(new byte[0])).isEmpty();
    }

    private static RequestRule rule(Openapi openapi, String operation) {
        return Objects.requireNonNull(RequestRule.all(openapi).get(operation));
    }

    private static Optional<Problem> head(
            RequestRule rule, Map<String, String> path, Map<String, List<String>> query, String ifMatch) {
        return rule.checkHead(path, query, header -> header.equals("if-match") ? List.of(ifMatch) : List.of());
    }

    private static String detail(Optional<Problem> problem) {
        return problem.orElseThrow().detail();
    }
}
