package io.millrace.ingest.receive;

import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.segment.SegmentAdapter;
import io.millrace.ingest.adapt.segment.SegmentAnswers;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/track} and its like. Whatever type a body is said to be of, it is read as JSON: browsers send text/plain,
 * which needs no preflight, RudderStack's Node SDK application/x-www-form-urlencoded.
 */
final class SegmentCall implements OperationHandler {
    /** A beacon has no headers: RudderStack's SDK for browsers says the key in the address. */
    private static final String WRITE_KEY = "writeKey";

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
        exchange.tellProblemsAs(SegmentForm.INSTANCE);
        String key;
        try {
            List<String> given = CheckedHandler.query(exchange.request()).get(WRITE_KEY);
            key = given == null ? null : given.get(0);
        } catch (IllegalArgumentException e) {
            exchange.problem(new Problem.BadRequest("the query: expected percent-encoded parameters"));
            return;
        }
        publish.take(exchange, key == null ? adapter : new Named(adapter, key), most, SegmentCall::taken);
    }

    private static void taken(Exchange exchange, Outcome.Accepted outcome) {
        exchange.json(HttpStatus.OK, SegmentAnswers.success(outcome.refused()), "accepted");
    }

    /** Bodies of whoever the address names, unless they name somebody themselves. */
    private record Named(Adapter adapter, String key) implements Adapter {
        @Override
        public Adapted read(byte[] body) {
            Adapted read = adapter.read(body);
            return new Adapted(own(read.writeKey()), read.candidates());
        }

        private String own(@Nullable String inBody) {
            return inBody == null ? key : inBody;
        }

        @Override
        public boolean mayNameSender() {
            return true;
        }

        /** Nothing of the key in any log. */
        @Override
        public String toString() {
            return "Named";
        }
    }
}
