package io.millrace.ingest.receive;

import io.millrace.contract.Contract;
import io.millrace.ingest.observe.Health;
import io.millrace.ingest.observe.Meters;
import io.millrace.ingest.observe.Readiness;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What the door tells of itself: health, readiness, meters and its contracts. */
final class Pages {
    private static final String YAML = "application/yaml";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String SHOWN = "ok";

    private Pages() {}

    /** By operationId. */
    static Map<String, OperationHandler> all(Readiness readiness, Meters meters) {
        return Map.of(
                "getHealth", (exchange, path) -> exchange.json(HttpStatus.OK, Answers.alive(), SHOWN),
                "getReadiness", (exchange, path) -> ready(exchange, readiness),
                "getMetrics",
                        (exchange, path) -> exchange.answer(
                                HttpStatus.OK, PROMETHEUS, meters.scrape().getBytes(StandardCharsets.UTF_8), SHOWN),
                "getOpenapi", contract(Contract.openapi()),
                "getAsyncapi", contract(Contract.asyncapi()));
    }

    private static OperationHandler contract(byte[] text) {
        return (exchange, path) -> exchange.answerShared(YAML, text);
    }

    private static void ready(Exchange exchange, Readiness readiness) {
        Map<String, Health> healths = readiness.check();
        boolean ready = healths.values().stream().allMatch(Health.READY::equals);
        exchange.json(
                ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
                Answers.readiness(ready, healths),
                ready ? SHOWN : "not_ready");
    }
}
