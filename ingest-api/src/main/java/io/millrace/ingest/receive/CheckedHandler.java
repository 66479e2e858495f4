package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.receive.check.RequestRule;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lets through to an operation only requests whose head is what openapi.yaml says. */
final class CheckedHandler implements OperationHandler {
    private static final char REPLACEMENT = '\uFFFD';
    private static final String ENCODED_REPLACEMENT = "%EF%BF%BD";

    private final RequestRule rule;
    private final OperationHandler next;

    CheckedHandler(RequestRule rule, OperationHandler next) {
        this.rule = rule;
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        Map<String, List<String>> query;
        try {
            query = query(exchange.request());
        } catch (IllegalArgumentException e) {
            exchange.problem(new Problem.BadRequest("the query: expected percent-encoded parameters"));
            return;
        }
        Optional<Problem> garbled = garbled(exchange.request().uri(), path, query);
        garbled.or(() -> rule.checkHead(
                        path, query, name -> exchange.request().headers().getAll(name)))
                .ifPresentOrElse(exchange::problem, () -> next.handle(exchange, path));
    }

    /**
     * The query's parameters, which an ampersand parts and nothing else: whoever takes a semicolon for one too reads another
     * question than the proxy before it (CVE-2021-23336), and cuts a user's id in two.
     */
    static Map<String, List<String>> query(HttpServerRequest request) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        for (Map.Entry<String, String> parameter : request.params(true)) {
            lists.computeIfAbsent(parameter.getKey(), name -> new ArrayList<>()).add(parameter.getValue());
        }
        return lists;
    }

    /** Bytes that are no UTF-8 come out of the decoder as U+FFFD: another user's name, perhaps. */
    private static Optional<Problem> garbled(String uri, Map<String, String> path, Map<String, List<String>> query) {
        boolean mayBe = path.values().stream().anyMatch(CheckedHandler::isReplaced)
                || query.values().stream().flatMap(List::stream).anyMatch(CheckedHandler::isReplaced);
        return mayBe && !uri.toUpperCase(Locale.ROOT).contains(ENCODED_REPLACEMENT)
                ? Optional.of(new Problem.BadRequest(
                        "the address: given " + Refusal.shorten(uri) + ", expected UTF-8, percent-encoded"))
                : Optional.empty();
    }

    private static boolean isReplaced(String text) {
        return text.indexOf(REPLACEMENT) >= 0;
    }
}
