package io.millrace.ingest.receive;

import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.segment.SegmentAdapter;
import io.millrace.ingest.adapt.segment.SegmentAnswers;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.outcome.Outcome.RefusedEvent;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /v1/track} and its like. Whatever type a body is said to be of, it is read as JSON: browsers send text/plain,
 * which needs no preflight, RudderStack's Node SDK application/x-www-form-urlencoded.
 */
final class SegmentCall implements OperationHandler {
    private final PublishAdapted publish;
    private final Adapter adapter;
    private final Admission admission;
    private final int most;

    SegmentCall(PublishAdapted publish, Adapter adapter, Admission admission, HttpConfig config) {
        this.publish = publish;
        this.adapter = adapter;
        this.admission = admission;
        this.most = Math.min(config.bodyBytes(), SegmentAdapter.BODY_BYTES);
    }

    @Override
    public boolean identifiesItself() {
        return true;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        exchange.lateBodyMayComeAgain();
        String encoding = exchange.request().getHeader(HttpHeaders.CONTENT_ENCODING);
        Optional<Boolean> gzip = EventBody.gzip(encoding);
        if (gzip.isEmpty()) {
            exchange.problem(new Problem.UnsupportedMediaType("Content-Encoding: given "
                    + Refusal.shorten(String.valueOf(encoding)) + ", expected gzip or identity"));
        } else if (PublishEvents.announced(exchange.request()) > most) {
            exchange.problem(new Problem.BodyTooLarge(most));
        } else {
            publish.identify(exchange, sender -> take(exchange, gzip.get(), sender));
        }
    }

    private void take(Exchange exchange, boolean gzip, PublishAdapted.Sender sender) {
        admission
                .admit()
                .ifPresentOrElse(
                        ticket -> {
                            exchange.holdUntilAnswered(ticket);
                            new BodyReader(exchange, ticket, most)
                                    .read(
                                            gzip,
                                            body -> publish.publish(
                                                    exchange, ticket, sender, adapter, body, SegmentCall::taken));
                        },
                        () -> exchange.problem(admission.full()));
    }

    private static void taken(Exchange exchange, List<RefusedEvent> refused) {
        exchange.json(HttpStatus.OK, SegmentAnswers.success(refused), "accepted");
    }
}
