package io.millrace.ingest.receive;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The open exchanges of one event loop, looked at several times a second: a timer for each request would cost more than
 * the request's parsing. Belongs to its event loop's thread.
 */
final class Deadlines {
    /** How late a deadline may be told. */
    static final long SWEEP_MILLIS = 200;

    private final Set<Exchange> open = Collections.newSetFromMap(new IdentityHashMap<>());

    void add(Exchange exchange) {
        open.add(exchange);
    }

    void remove(Exchange exchange) {
        open.remove(exchange);
    }

    /** The door closes: endless answers end. */
    void drain() {
        List.copyOf(open).forEach(Exchange::drain);
    }

    void sweep(long nanoTime) {
        if (!open.isEmpty()) {
            List.copyOf(open).forEach(exchange -> exchange.checkDeadline(nanoTime));
        }
    }
}
