package io.millrace.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.contract.Openapi.Operation;
import io.millrace.contract.Openapi.Place;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds the door's answers against openapi.yaml: whatever a test asks for on its way, a wrong answer fails it. Thread-safe. */
public final class AnswerChecker {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What no operation need promise, as it is said of requests that reach none. */
    private static final Set<Integer> OF_NO_OPERATION = Set.of(404, 405);

    private final Openapi openapi = Openapi.ofContract();
    private final Map<String, Operation> operations = openapi.operations();
    private final Map<String, SchemaRule> rules = new HashMap<>();

    /**
     * Looks at one answer.
     *
     * @param path as it was asked for, without the query
     * @param headers by their names in lower case
     * @return one sentence for each thing that the contract does not promise
     */
    public List<String> problems(
            String method, String path, int status, Map<String, List<String>> headers, byte[] body) {
        if (method.equals("OPTIONS")) {
            // Between a browser and the door; the contract's operations begin after it.
            return List.of();
        }
        Optional<Operation> operation = find(method, path);
        if (operation.isEmpty()) {
            return OF_NO_OPERATION.contains(status)
                    ? content(openapi.at("/components/responses/BadRequest"), headers, body)
                    : List.of(method + " " + path + ": given " + status + ", expected 404 or 405");
        }
        Place responses = openapi.at(operation.get().place(), "responses");
        Place response = openapi.at(responses, Integer.toString(status));
        if (response.node().isMissingNode()) {
            return List.of(method + " " + path + ": given " + status + ", expected one of "
                    + responses.node().properties().stream()
                            .map(Map.Entry::getKey)
                            .toList());
        }
        List<String> problems = new ArrayList<>(headers(response, headers));
        problems.addAll(content(response, headers, body));
        return problems.stream()
                .map(problem -> method + " " + path + " " + status + ": " + problem)
                .toList();
    }

    private List<String> headers(Place response, Map<String, List<String>> headers) {
        List<String> problems = new ArrayList<>();
        Place promised = openapi.at(response, "headers");
        for (Map.Entry<String, JsonNode> entry : promised.node().properties()) {
            Place header = openapi.at(promised, entry.getKey());
            List<String> values = headers.get(entry.getKey().toLowerCase(Locale.ROOT));
            if (values == null) {
                if (header.node().path("required").asBoolean()) {
                    problems.add("header " + entry.getKey() + ": given none");
                }
                continue;
            }
            Place schema = openapi.at(header, "schema");
            boolean isNumber = schema.node().path("type").asText().matches("integer|number");
            for (String value : values) {
                rule(schema)
                        .check(isNumber ? json(value).orElse(TextNode.valueOf(value)) : TextNode.valueOf(value))
                        .forEach(complaint -> problems.add("header " + entry.getKey() + " " + complaint));
            }
        }
        return problems;
    }

    private List<String> content(Place response, Map<String, List<String>> headers, byte[] body) {
        Place content = openapi.at(response, "content");
        String type = headers.getOrDefault("content-type", List.of("")).get(0);
        String media = type.split(";", 2)[0].trim();
        if (content.node().isEmpty()
                || (type.isEmpty() && response.node().path("x-may-be-empty").asBoolean())) {
            return body.length == 0 ? List.of() : List.of("a body of " + media + ": expected none");
        }
        Place promised = openapi.at(content, media);
        if (promised.node().isMissingNode()) {
            return List.of("Content-Type: given " + type + ", expected one of "
                    + content.node().properties().stream()
                            .map(Map.Entry::getKey)
                            .toList());
        }
        boolean isJson = media.equals("application/json") || media.endsWith("+json");
        Place schema = openapi.at(promised, "schema");
        if (schema.node().isMissingNode()) {
            return List.of();
        }
        String text = new String(body, StandardCharsets.UTF_8);
        Optional<JsonNode> document = isJson ? json(text) : Optional.of(TextNode.valueOf(text));
        return document.map(read ->
                        rule(schema).check(read).stream().map(Object::toString).toList())
                .orElse(List.of("the body is no JSON"));
    }

    private synchronized SchemaRule rule(Place schema) {
        return rules.computeIfAbsent(schema.pointer(), pointer -> openapi.schema(schema));
    }

    /** Operations for SDKs of others have shorter paths beside their own, and all of them with a slash at the end. */
    private static boolean isAlias(Operation operation, String path) {
        if (!operation.place().node().has("x-sdk")) {
            return false;
        }
        String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        boolean isShort = operation
                .place()
                .node()
                .path("x-also")
                .valueStream()
                .anyMatch(also -> also.asText().equals(plain));
        return isShort || matches(operation.path(), plain);
    }

    private Optional<Operation> find(String method, String path) {
        // A path without parameters goes before one with.
        return operations.values().stream()
                .filter(operation -> operation.method().equals(method)
                        && (matches(operation.path(), path) || isAlias(operation, path)))
                .min((one, other) ->
                        Boolean.compare(one.path().contains("{"), other.path().contains("{")));
    }

    private static boolean matches(String template, String path) {
        String[] wanted = template.split("/", -1);
        String[] given = path.split("/", -1);
        boolean same = wanted.length == given.length;
        for (int i = 0; same && i < wanted.length; i++) {
            same = wanted[i].startsWith("{") ? !given[i].isEmpty() : wanted[i].equals(given[i]);
        }
        return same;
    }

    private static Optional<JsonNode> json(String text) {
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
