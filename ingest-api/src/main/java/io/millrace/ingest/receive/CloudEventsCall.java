package io.millrace.ingest.receive;

import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.cloudevents.CloudEvents;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.validate.ValidationLimits;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/cloudevents}: the delivery request of the webhook specification, in every mode of the HTTP binding. */
final class CloudEventsCall implements OperationHandler {
    /** Webhook specification, 3.2; a header, where there is one, goes before it. */
    private static final String ACCESS_TOKEN = "access_token";

    private static final byte[] NOTHING = {};

    private final PublishAdapted publish;
    private final ValidationLimits limits;
    private final int most;

    CloudEventsCall(PublishAdapted publish, ValidationLimits limits, HttpConfig config) {
        this.publish = publish;
        this.limits = limits;
        this.most = config.bodyBytes();
    }

    @Override
    public boolean identifiesItself() {
        return true;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        HttpServerRequest request = exchange.request();
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        Optional<Adapter> adapter;
        try {
            adapter = CloudEvents.adapter(type, request.headers(), accessToken(request), limits);
        } catch (IllegalArgumentException e) {
            exchange.problem(new Problem.BadRequest("the query: expected percent-encoded parameters"));
            return;
        }
        if (adapter.isEmpty()) {
            exchange.problem(Problem.UnsupportedMediaType.of("Content-Type", type, CloudEvents.EXPECTED));
        } else {
            publish.take(exchange, adapter.get(), most, CloudEventsCall::taken);
        }
    }

    /** Null where the address has none. */
    private static @Nullable String accessToken(HttpServerRequest request) {
        List<String> given = CheckedHandler.query(request).get(ACCESS_TOKEN);
        return given == null ? null : given.get(0);
    }

    /**
     * Without a body where everything was taken: Knative takes the body of an answer for an event, and one that is none for
     * a failure.
     */
    private static void taken(Exchange exchange, Outcome.Accepted outcome) {
        if (outcome.refused().isEmpty()) {
            exchange.answer(HttpStatus.ACCEPTED, "", NOTHING, "accepted");
        } else {
            exchange.json(HttpStatus.ACCEPTED, Answers.accepted(outcome), "accepted");
        }
    }
}
