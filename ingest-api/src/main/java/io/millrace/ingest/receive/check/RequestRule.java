package io.millrace.ingest.receive.check;

import io.millrace.contract.Openapi;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What openapi.yaml asks of the requests of one operation, compiled. Thread-safe. */
public final class RequestRule {
    private static final String JSON = "application/json";

    private final Map<String, ParameterRule> path = new LinkedHashMap<>();
    private final Map<String, ParameterRule> query = new LinkedHashMap<>();
    private final Map<String, ParameterRule> headers = new LinkedHashMap<>();
    private final @Nullable BodyRule body;

    private RequestRule(Openapi openapi, Openapi.Operation operation) {
        Openapi.Place parameters = openapi.at(operation.place(), "parameters");
        for (int i = 0; i < parameters.node().size(); i++) {
            Openapi.Place parameter = openapi.at(parameters, i);
            ParameterRule rule = new ParameterRule(openapi, parameter);
            switch (parameter.node().path("in").asText()) {
                case "path" -> path.put(rule.name(), rule);
                case "query" -> query.put(rule.name(), rule);
                case "header" -> headers.put(rule.name().toLowerCase(Locale.ROOT), rule);
                default ->
                    throw new IllegalStateException("openapi.yaml: parameter " + rule.name() + " of " + operation.path()
                            + ": expected one in the path, the query or a header");
            }
        }
        Openapi.Place taken = openapi.at(operation.place(), "requestBody");
        Openapi.Place media = openapi.at(openapi.at(taken, "content"), JSON);
        body = media.node().has("schema")
                ? new BodyRule(taken.node().path("required").asBoolean(), openapi.schema(openapi.at(media, "schema")))
                : null;
    }

    /** The rules of every operation, by operationId. */
    public static Map<String, RequestRule> all(Openapi openapi) {
        Map<String, RequestRule> rules = new HashMap<>();
        openapi.operations().forEach((id, operation) -> rules.put(id, new RequestRule(openapi, operation)));
        return rules;
    }

    /**
     * Holds a request's head against the contract.
     *
     * @param segments the path's parameters, decoded
     * @param given the query's, decoded
     * @param header gives all values of a header, by its name in lower case
     */
    public Optional<Problem> checkHead(
            Map<String, String> segments, Map<String, List<String>> given, Function<String, List<String>> header) {
        for (String name : given.keySet()) {
            if (!query.containsKey(name)) {
                return bad("parameter " + Refusal.shorten(name) + ": expected "
                        + (query.isEmpty() ? "none" : "one of " + String.join(", ", query.keySet())));
            }
        }
        for (ParameterRule rule : path.values()) {
            Optional<String> complaint = rule.complaint(List.of(segments.getOrDefault(rule.name(), "")));
            if (complaint.isPresent()) {
                return complaint.flatMap(RequestRule::bad);
            }
        }
        for (ParameterRule rule : query.values()) {
            Optional<String> complaint = rule.complaint(given.getOrDefault(rule.name(), List.of()));
            if (complaint.isPresent()) {
                return complaint.flatMap(RequestRule::bad);
            }
        }
        for (Map.Entry<String, ParameterRule> rule : headers.entrySet()) {
            Optional<String> complaint = rule.getValue().complaint(header.apply(rule.getKey()));
            if (complaint.isPresent()) {
                return complaint.flatMap(RequestRule::bad);
            }
        }
        return Optional.empty();
    }

    /** Holds a request's JSON body against the contract; decompressed, and whole. */
    public Optional<Problem> checkBody(byte[] bytes) {
        return body == null ? Optional.empty() : body.complaint(bytes).flatMap(RequestRule::bad);
    }

    private static Optional<Problem> bad(String sentence) {
        return Optional.of(new Problem.BadRequest(sentence));
    }
}
