package io.millrace.ingest.receive;

import io.millrace.ingest.accept.Acceptor;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.OptionalInt;

/**
 * {@code OPTIONS /v1/cloudevents}: a sender asks whether it may deliver (webhook specification, section 4). It may, from
 * wherever it is: what lets events in is the credential that comes with each. A callback that is offered is not called.
 */
final class CloudEventsHandshake implements OperationHandler {
    private static final String ORIGIN = "WebHook-Request-Origin";
    private static final int SECONDS_A_MINUTE = 60;
    private static final byte[] NOTHING = {};

    private final Acceptor acceptor;

    CloudEventsHandshake(Acceptor acceptor) {
        this.acceptor = acceptor;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        HttpServerResponse response = exchange.request().response();
        response.putHeader(HttpHeaders.ALLOW, "OPTIONS, POST");
        String origin = exchange.request().getHeader(ORIGIN);
        if (origin != null && !origin.isBlank()) {
            response.putHeader("WebHook-Allowed-Origin", origin);
            OptionalInt rate = acceptor.usualRate();
            // Requests a minute, of one event at least; who asks is nobody yet, so this is what everybody may.
            response.putHeader(
                    "WebHook-Allowed-Rate",
                    rate.isEmpty() ? "*" : Long.toString((long) rate.getAsInt() * SECONDS_A_MINUTE));
        }
        exchange.answer(HttpStatus.OK, "", NOTHING, "handshake");
    }
}
