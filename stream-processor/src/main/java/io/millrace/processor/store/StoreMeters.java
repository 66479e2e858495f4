package io.millrace.processor.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What the store's writer counts. Thread-safe. */
final class StoreMeters {
    private final Counter inserted;
    private final Counter present;
    private final Counter passedOver;
    private final Counter refused;
    private final Counter failures;
    private final Counter fenced;
    private final DistributionSummary batchRows;
    private final Timer write;
    private final AtomicLong lag = new AtomicLong();

    StoreMeters(MeterRegistry registry) {
        inserted = records(registry, "inserted");
        present = records(registry, "present");
        passedOver = records(registry, "expired");
        refused = records(registry, "refused");
        failures = Counter.builder("millrace.store.retries")
                .description("Times the writer could not reach or use the database and waited to try again")
                .register(registry);
        fenced = Counter.builder("millrace.store.fenced")
                .description("Times another writer had stored a partition before this one, after a rebalance")
                .register(registry);
        batchRows = DistributionSummary.builder("millrace.store.batch.rows")
                .description("Rows in one transaction")
                .register(registry);
        write = Timer.builder("millrace.store.write")
                .description("One transaction: offsets, rows and commit")
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(20),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5))
                .register(registry);
        Gauge.builder("millrace.store.lag", lag, AtomicLong::get)
                .description("Records on the predictions' topic that this writer has not stored yet")
                .register(registry);
    }

    void written(int rows, int newRows, Duration took) {
        inserted.increment(newRows);
        present.increment(rows - newRows);
        batchRows.record(rows);
        write.record(took);
    }

    void passedOver(int records) {
        passedOver.increment(records);
    }

    void refused(int records) {
        refused.increment(records);
    }

    void failure() {
        failures.increment();
    }

    void fenced() {
        fenced.increment();
    }

    void lag(long records) {
        lag.set(records);
    }

    private static Counter records(MeterRegistry registry, String outcome) {
        return Counter.builder("millrace.store.records")
                .description("Records from the predictions' topic, by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }
}
