package io.millrace.ingest.receive;

import io.millrace.event.EventKind;
import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.segment.SegmentAdapter;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.ValidationLimits;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/pixel/{kind}}: an image that is an event, for mails and pages without scripts. */
final class SegmentPixel implements OperationHandler {
    /** One transparent pixel. */
    private static final byte[] IMAGE =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    private final PublishAdapted publish;
    private final Map<String, Adapter> adapters;
    private final Admission admission;

    SegmentPixel(PublishAdapted publish, Admission admission, ValidationLimits limits) {
        this.publish = publish;
        this.admission = admission;
        Map<String, Adapter> byName = new HashMap<>();
        for (EventKind kind : SegmentHandlers.KINDS) {
            Adapter adapter = SegmentAdapter.of(kind, limits);
            byName.put(kind.text(), adapter);
            byName.put(kind.text().substring(0, 1), adapter);
        }
        adapters = Map.copyOf(byName);
    }

    @Override
    public boolean identifiesItself() {
        return true;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        String kind = path.getOrDefault("kind", "");
        Adapter adapter = adapters.get(kind);
        if (adapter == null) {
            exchange.problem(new Problem.NotFound("the pixel: given " + Refusal.shorten(kind)
                    + ", expected identify, track, page, screen, group or alias"));
        } else if (exchange.request().method().equals(HttpMethod.HEAD)) {
            // Nothing happened: somebody looks whether there is an image.
            image(exchange);
        } else {
            byte[] body = decode(data(exchange));
            if (body == null) {
                exchange.problem(new Problem.BadRequest("parameter data: expected a JSON object in base64"));
            } else {
                publish.identify(exchange, sender -> take(exchange, sender, adapter, body));
            }
        }
    }

    private void take(Exchange exchange, PublishAdapted.Sender sender, Adapter adapter, byte[] body) {
        admission
                .admit()
                .ifPresentOrElse(
                        ticket -> {
                            exchange.holdUntilAnswered(ticket);
                            if (ticket.grow(body.length)) {
                                publish.publish(exchange, ticket, sender, adapter, body, SegmentPixel::taken);
                            } else {
                                exchange.problem(ticket.full());
                            }
                        },
                        () -> exchange.problem(admission.full()));
    }

    private static void taken(Exchange exchange, Outcome.Accepted unsaid) {
        image(exchange);
    }

    private static void image(Exchange exchange) {
        exchange.answer(HttpStatus.OK, "image/gif", IMAGE, "accepted");
    }

    private static @Nullable String data(Exchange exchange) {
        try {
            return exchange.request().params(true).get("data");
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Of both alphabets, padded or not; a plus sign that nobody encoded has become a space. Null where it is none. */
    private static byte @Nullable [] decode(@Nullable String data) {
        if (data == null || data.isEmpty()) {
            return null;
        }
        String plain =
                data.replace(' ', '+').replace('-', '+').replace('_', '/').replace("=", "");
        try {
            return Base64.getDecoder().decode(plain.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
