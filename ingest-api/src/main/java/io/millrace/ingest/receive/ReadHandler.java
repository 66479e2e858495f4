package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Binds an operation of the read side to HTTP. */
final class ReadHandler implements OperationHandler {
    private final Endpoint endpoint;

    ReadHandler(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        MultiMap parameters;
        try {
            parameters = exchange.request().params();
        } catch (IllegalArgumentException e) {
            exchange.problem(new Problem.BadRequest("the query: expected percent-encoded parameters"));
            return;
        }
        endpoint.answer(new Question(path, lists(parameters)))
                .whenComplete((reply, bug) -> exchange.run(() -> reply(exchange, reply, bug)));
    }

    private static void reply(Exchange exchange, @Nullable Reply reply, @Nullable Throwable bug) {
        if (reply instanceof Reply.Found found) {
            exchange.answer(HttpStatus.OK, found.contentType(), found.body(), "ok");
        } else if (reply instanceof Reply.Failed failed) {
            exchange.problem(failed.problem());
        } else {
            exchange.bug(bug);
        }
    }

    private static Map<String, List<String>> lists(MultiMap parameters) {
        Map<String, List<String>> lists = new HashMap<>();
        for (Map.Entry<String, String> parameter : parameters) {
            lists.computeIfAbsent(parameter.getKey(), name -> new ArrayList<>()).add(parameter.getValue());
        }
        return lists;
    }
}
