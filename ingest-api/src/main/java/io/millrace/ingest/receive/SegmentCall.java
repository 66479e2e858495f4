package io.millrace.ingest.receive;

import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.segment.SegmentAdapter;
import io.millrace.ingest.adapt.segment.SegmentAnswers;
import io.millrace.ingest.outcome.Outcome;
import java.util.Map;

/**
 * {@code POST /v1/track} and its like. Whatever type a body is said to be of, it is read as JSON: browsers send text/plain,
 * which needs no preflight, RudderStack's Node SDK application/x-www-form-urlencoded.
 */
final class SegmentCall implements OperationHandler {
    private final PublishAdapted publish;
    private final Adapter adapter;
    private final int most;

    SegmentCall(PublishAdapted publish, Adapter adapter, HttpConfig config) {
        this.publish = publish;
        this.adapter = adapter;
        this.most = Math.min(config.bodyBytes(), SegmentAdapter.BODY_BYTES);
    }

    @Override
    public boolean identifiesItself() {
        return true;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        publish.take(exchange, adapter, most, SegmentCall::taken);
    }

    private static void taken(Exchange exchange, Outcome.Accepted outcome) {
        exchange.json(HttpStatus.OK, SegmentAnswers.success(outcome.refused()), "accepted");
    }
}
