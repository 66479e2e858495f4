package io.millrace.processor.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.prediction.StoredPrediction;
import io.millrace.processor.store.DailyPartitions.Standing;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a PostgreSQL must do for the days of predictions. */
abstract class DailyPartitionsContract extends StoreContract {
    @Test
    void makesAPartitionForEachDay_whenABatchSpansMidnights() throws Exception {
        Connection connection = connect();
        LocalDate today = DailyPartitions.day(now);
        Instant lastMoment = today.atStartOfDay(ZoneOffset.UTC).toInstant().minusMillis(1);
        List<StoredPrediction> batch = List.of(
                SomePredictions.stored(SomePredictions.prediction(1, lastMoment)),
                SomePredictions.stored(SomePredictions.prediction(2, lastMoment.plusMillis(1))),
                SomePredictions.stored(SomePredictions.prediction(3, lastMoment.minus(10, ChronoUnit.DAYS))));

        rows.write(connection, batch, step(0, 3));

        assertThat(partitions.partitions(connection)).containsExactly(today.minusDays(11), today.minusDays(1), today);
    }

    @Test
    void makesAPartitionOnce_whenTwoWritersNeedItAtOnce() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        LocalDate day = DailyPartitions.day(now).minusDays(3);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Connection connection = connect();
                results.add(threads.submit(() -> {
                    together.await(20, TimeUnit.SECONDS);
                    new DailyPartitions(Clock.systemUTC(), RETENTION).ensure(connection, List.of(day));
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(partitions.partitions(connect())).containsExactly(day);
    }

    @Test
    void dropsTheDaysPastTheRetentionAndNoOther_whenMaintained() throws Exception {
        Connection connection = connect();
        LocalDate today = DailyPartitions.day(now);
        Instant oldestKept = now.minus(30, ChronoUnit.DAYS);
        Instant expired = now.minus(31, ChronoUnit.DAYS);
        rows.write(
                connection,
                List.of(
                        SomePredictions.stored(SomePredictions.prediction(1, expired)),
                        SomePredictions.stored(SomePredictions.prediction(2, oldestKept)),
                        SomePredictions.stored(SomePredictions.prediction(3, now))),
                step(0, 3));
        partitions.readClocks(connection);

        List<LocalDate> dropped = partitions.dropExpired(connection);

        assertThat(dropped).containsExactly(today.minusDays(31));
        assertThat(partitions.partitions(connection)).containsExactly(today.minusDays(30), today);
        assertThat(count("true")).isEqualTo(2);
        assertThat(partitions.standing(expired)).isEqualTo(Standing.EXPIRED);
        assertThat(partitions.standing(oldestKept)).isEqualTo(Standing.KEPT);
    }

    @Test
    void dropsNothingYoung_whenOurClockRunsYearsAhead() throws Exception {
        Connection connection = connect();
        rows.write(connection, List.of(SomePredictions.stored(SomePredictions.prediction(1, now))), step(0, 1));
        DailyPartitions wrong = new DailyPartitions(Clock.offset(Clock.systemUTC(), Duration.ofDays(3_650)), RETENTION);

        wrong.readClocks(connection);

        assertThat(wrong.dropExpired(connection)).isEmpty();
        assertThat(wrong.standing(now)).isEqualTo(Standing.KEPT);
        assertThat(count("true")).isEqualTo(1);
    }

    @Test
    void migratesOnce_whenStartedAgain() throws Exception {
        rows.write(connect(), SomePredictions.rows(0, 5, now), step(0, 5));

        StoreSchema.migrate(login);

        assertThat(count("true")).isEqualTo(5);
    }
}
