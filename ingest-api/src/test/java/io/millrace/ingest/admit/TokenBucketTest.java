package io.millrace.ingest.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.identity.Source;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;
    /** Whatever nanoTime may be, also close to its turn. */
    private static final long BEGIN = Long.valueOf(Long.MAX_VALUE - SECOND / 2);

    @Test
    void holdsItsBurst_andThenItsRate() {
        TokenBucket bucket = new TokenBucket(100, Duration.ofSeconds(2), BEGIN);

        assertThat(bucket.limit()).isEqualTo(200);
        for (int i = 0; i < 200; i++) {
            assertThat(bucket.take(1, BEGIN)).as("event " + i).isZero();
        }
        assertThat(bucket.take(1, BEGIN)).isPositive();
        assertThat(bucket.remaining(BEGIN)).isZero();
        assertThat(bucket.reset(BEGIN)).isEqualTo(2);

        long later = BEGIN + SECOND;
        assertThat(bucket.remaining(later)).isEqualTo(100);
        int taken = 0;
        while (bucket.take(1, later) == 0) {
            taken++;
        }
        assertThat(taken).isEqualTo(100);
    }

    @Test
    void letsALargeBatchIn_andAsksForItsDebt() {
        TokenBucket bucket = new TokenBucket(10, Duration.ofSeconds(1), BEGIN);

        assertThat(bucket.take(100, BEGIN)).isZero();

        assertThat(bucket.waitNanos(BEGIN)).isBetween(9 * SECOND, 9 * SECOND + SECOND / 5);
        assertThat(bucket.take(1, BEGIN + 9 * SECOND)).isPositive();
        assertThat(bucket.take(1, BEGIN + 10 * SECOND)).isZero();
    }

    @Test
    void takesNothing_whenItRefuses() {
        TokenBucket bucket = new TokenBucket(1, Duration.ofSeconds(1), BEGIN);
        bucket.take(1, BEGIN);

        for (int i = 0; i < 1_000; i++) {
            assertThat(bucket.take(1_000, BEGIN)).isPositive();
        }

        assertThat(bucket.take(1, BEGIN + SECOND)).isZero();
    }

    @Test
    void countsEveryEvent_whenManyTakeAtOnce() throws Exception {
        TokenBucket bucket = new TokenBucket(10_000, Duration.ofSeconds(1), BEGIN);
        AtomicInteger taken = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        for (int thread = 0; thread < 4; thread++) {
            new Thread(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            if (bucket.take(1, BEGIN) == 0) {
                                taken.incrementAndGet();
                            }
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();

        assertThat(taken).hasValue(10_000);
    }

    @Test
    void givesEachSourceItsOwn_andEachRate() {
        SourceLimits limits = new SourceLimits(new RateLimits(5, Duration.ofSeconds(1)));
        Source web = new Source("web");

        assertThat(limits.of(web, null))
                .hasValueSatisfying(bucket -> assertThat(bucket.rate()).isEqualTo(5));
        assertThat(limits.of(web, null).orElseThrow())
                .isSameAs(limits.of(web, 5).orElseThrow());
        assertThat(limits.of(web, 7))
                .hasValueSatisfying(bucket -> assertThat(bucket.rate()).isEqualTo(7));
        assertThat(limits.of(new Source("app"), null).orElseThrow())
                .isNotSameAs(limits.of(web, null).orElseThrow());
        assertThat(new SourceLimits(new RateLimits(0, Duration.ofSeconds(1))).of(web, null))
                .isEmpty();
    }
}
