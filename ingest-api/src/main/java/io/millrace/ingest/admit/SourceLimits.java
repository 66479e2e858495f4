package io.millrace.ingest.admit;

import io.millrace.identity.Source;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How many events a second each source may post, at this door. Thread-safe. */
public final class SourceLimits {
    /** Sources come from credentials, so there are few; this is for an issuer that makes up a source for each token. */
    private static final int MOST_BUCKETS = 100_000;

    private record Holder(Source source, int rate) {}

    private final int rate;
    private final Duration burst;
    private final Map<Holder, TokenBucket> buckets = new ConcurrentHashMap<>();

    public SourceLimits(RateLimits limits) {
        this.rate = limits.events();
        this.burst = limits.burst();
    }

    /** Events a second where a credential has no rate of its own; empty where nothing limits it. */
    public OptionalInt usual() {
        return rate == 0 ? OptionalInt.empty() : OptionalInt.of(rate);
    }

    /**
     * A source's bucket; empty where nothing limits it.
     *
     * @param own the rate of the write key that is used; null for the default
     */
    public Optional<TokenBucket> of(Source source, @Nullable Integer own) {
        int events = own == null ? rate : own;
        if (events == 0) {
            return Optional.empty();
        }
        Holder holder = new Holder(source, events);
        TokenBucket bucket = buckets.get(holder);
        if (bucket == null) {
            if (buckets.size() >= MOST_BUCKETS) {
                long now = System.nanoTime();
                buckets.values().removeIf(idle -> idle.isFull(now));
            }
            bucket = buckets.computeIfAbsent(holder, made -> new TokenBucket(events, burst, System.nanoTime()));
        }
        return Optional.of(bucket);
    }
}
