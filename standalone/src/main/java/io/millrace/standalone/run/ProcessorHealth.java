package io.millrace.standalone.run;

import io.millrace.ingest.observe.Health;
import io.millrace.ingest.observe.HealthCheck;
import io.millrace.processor.Processor;
import java.util.List;

/** One part of the processor in this JVM, as the door's /readyz asks for it. */
record ProcessorHealth(Processor processor, String name) implements HealthCheck {
    static List<HealthCheck> checks(Processor processor) {
        return processor.health().stream()
                .<HealthCheck>map(part -> new ProcessorHealth(processor, part.part()))
                .toList();
    }

    @Override
    public Health check() {
        return processor.health().stream()
                .filter(part -> part.part().equals(name))
                .findFirst()
                .<Health>map(part -> part.ready() ? Health.READY : new Health.NotReady(part.detail()))
                .orElseGet(() -> new Health.NotReady("the processor no longer speaks of it"));
    }
}
