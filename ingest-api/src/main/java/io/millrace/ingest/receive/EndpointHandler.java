package io.millrace.ingest.receive;

import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.receive.check.RequestRule;
import io.millrace.ingest.validate.Framing;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Binds an operation that is free of HTTP to it. */
final class EndpointHandler implements OperationHandler {
    private static final byte[] NO_BODY = {};
    /** A credential has done its work at the door, and must not get any further. */
    private static final String AUTHORIZATION = "authorization";

    private final Endpoint endpoint;
    private final @Nullable RequestRule body;
    private final HttpConfig config;
    private final Admission admission;

    /** @param body what the contract asks of the body; null where it promises none */
    EndpointHandler(Endpoint endpoint, @Nullable RequestRule body, HttpConfig config, Admission admission) {
        this.endpoint = endpoint;
        this.body = body;
        this.config = config;
        this.admission = admission;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        if (body == null) {
            ask(exchange, path, NO_BODY);
            return;
        }
        EventBody.Described described = EventBody.describe(exchange.request().headers());
        if (described instanceof EventBody.Described.Unreadable unreadable) {
            exchange.problem(unreadable.problem());
        } else if (described instanceof EventBody.Described.As as) {
            if (as.body().framing() != Framing.JSON) {
                exchange.problem(new Problem.UnsupportedMediaType("Content-Type: expected application/json"));
                return;
            }
            admission
                    .admit()
                    .ifPresentOrElse(
                            ticket -> {
                                exchange.holdUntilAnswered(ticket);
                                new BodyReader(exchange, ticket, config.bodyBytes())
                                        .read(as.body().gzip(), bytes -> check(exchange, path, body, bytes));
                            },
                            () -> exchange.problem(admission.full()));
        }
    }

    private void check(Exchange exchange, Map<String, String> path, RequestRule rule, byte[] bytes) {
        rule.checkBody(bytes).ifPresentOrElse(exchange::problem, () -> ask(exchange, path, bytes));
    }

    private void ask(Exchange exchange, Map<String, String> path, byte[] body) {
        HttpServerRequest request = exchange.request();
        Question question = new Question(
                exchange.principal().name(),
                path,
                CheckedHandler.query(request),
                headers(request),
                body,
                exchange.trace());
        endpoint.answer(question).whenComplete((reply, bug) -> exchange.run(() -> reply(exchange, reply, bug)));
    }

    static void reply(Exchange exchange, @Nullable Reply reply, @Nullable Throwable bug) {
        if (reply instanceof Reply.Found found) {
            if (!exchange.isAnswered()) {
                found.headers().forEach(exchange.request().response()::putHeader);
            }
            exchange.answer(HttpStatus.of(found.status()), found.contentType(), found.body(), "ok");
        } else if (reply instanceof Reply.Stream stream) {
            exchange.stream(stream);
        } else if (reply instanceof Reply.Failed failed) {
            exchange.problem(failed.problem());
        } else {
            exchange.bug(bug);
        }
    }

    private static Map<String, String> headers(HttpServerRequest request) {
        Map<String, String> headers = new HashMap<>();
        request.headers().forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        headers.remove(AUTHORIZATION);
        return headers;
    }
}
