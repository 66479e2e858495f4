package io.millrace.ingest.receive;

import java.util.Map;

/** What serves one operation of the contract; called on an event loop and must not block it. */
@FunctionalInterface
interface OperationHandler {
    /** Answers the exchange, now or later. */
    void handle(Exchange exchange, Map<String, String> path);

    /** Whether it finds out itself who asks, as the credential may stand in the body, and denies who may not. */
    default boolean identifiesItself() {
        return false;
    }
}
