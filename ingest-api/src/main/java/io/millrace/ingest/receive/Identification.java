package io.millrace.ingest.receive;

import io.millrace.ingest.authorize.Authenticator;
import io.vertx.core.http.HttpHeaders;
import java.util.function.Consumer;

/** Finds out who asks, by the Authorization header; the body waits in the socket meanwhile. */
final class Identification {
    private final Authenticator authenticator;

    Identification(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    /** Goes on with what is known or not, never pending; at once, or later on the exchange's thread, or never where its time is over. */
    void of(Exchange exchange, Consumer<Authenticator.Verdict> next) {
        Authenticator.Verdict verdict =
                authenticator.authenticate(exchange.request().headers().getAll(HttpHeaders.AUTHORIZATION));
        if (verdict instanceof Authenticator.Verdict.Pending pending) {
            exchange.request().pause();
            pending.verdict()
                    .whenComplete((found, never) -> exchange.run(() -> {
                        try {
                            if (!exchange.isAnswered()) {
                                next.accept(found);
                            }
                        } finally {
                            exchange.request().resume();
                        }
                    }));
        } else {
            next.accept(verdict);
        }
    }
}
