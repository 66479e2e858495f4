package io.millrace.ingest.authorize;

import com.nimbusds.jose.JWSHeader;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer as they were last heard. A thread of its own fetches them, at its times; whoever checks a token
 * reads what is there and never waits. A token that names an unknown key may have it fetched sooner, but no more often
 * than once in a while, however many such tokens come. Thread-safe.
 */
final class IssuerKeySet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeySet.class);

    /** Where the set comes from; may block, and belongs to the thread that fetches. */
    @FunctionalInterface
    interface Source {
        byte[] fetch() throws IOException, InterruptedException;
    }

    /** What was heard last. */
    private record Heard(List<IssuerKey> keys, Instant at) {}

    private final AccessConfig.IssuerKeys config;
    private final Source source;
    private final Clock clock;
    private final ScheduledExecutorService thread;

    private volatile @Nullable Heard heard;
    private boolean failing;
    private @Nullable CompletableFuture<@Nullable Void> fetching;
    private Instant lastFetch = Instant.MIN;

    IssuerKeySet(AccessConfig.IssuerKeys config, Source source, Clock clock) {
        this.config = config;
        this.source = source;
        this.clock = clock;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "millrace-issuer-keys");
            made.setDaemon(true);
            return made;
        });
        begin();
        schedule(0);
    }

    /** The keys that may have made a token's signature; empty for a key that is not known. */
    List<IssuerKey> find(JWSHeader header, TokenAlgorithm algorithm) {
        return keys().stream()
                .filter(key -> key.mayHaveSigned(header, algorithm))
                .toList();
    }

    /** Whether any key is known: without one, a token is neither good nor bad. */
    boolean isKnown() {
        return !keys().isEmpty();
    }

    /** Completes when the set was fetched, or at once where it was a moment ago; never fails. */
    synchronized CompletionStage<@Nullable Void> refresh() {
        if (fetching == null && clock.instant().isBefore(nextAllowed())) {
            return CompletableFuture.completedFuture(null);
        }
        if (fetching == null) {
            begin();
            thread.execute(this::fetchBegun);
        }
        return Objects.requireNonNull(fetching, "begun above");
    }

    private synchronized void begin() {
        if (fetching == null) {
            fetching = new CompletableFuture<>();
            lastFetch = clock.instant();
        }
    }

    /** Whether it was fetched, by this or just before. */
    private boolean fetchBegun() {
        synchronized (this) {
            if (fetching == null) {
                return !failing;
            }
        }
        boolean fetched = fetch();
        CompletableFuture<@Nullable Void> done;
        synchronized (this) {
            done = fetching;
            fetching = null;
        }
        if (done != null) {
            done.complete(null);
        }
        return fetched;
    }

    private Instant nextAllowed() {
        return lastFetch.equals(Instant.MIN) ? Instant.MIN : lastFetch.plus(config.between());
    }

    private List<IssuerKey> keys() {
        Heard now = heard;
        return now == null || clock.instant().isAfter(now.at().plus(config.outage())) ? List.of() : now.keys();
    }

    private void schedule(long delayMillis) {
        var unused = thread.schedule(
                () -> {
                    begin();
                    boolean fetched = fetchBegun();
                    schedule((fetched ? config.refresh() : config.between()).toMillis());
                },
                delayMillis,
                TimeUnit.MILLISECONDS);
    }

    private boolean fetch() {
        try {
            List<IssuerKey> keys = IssuerKey.parse(source.fetch());
            if (keys.isEmpty()) {
                throw new ParseException("the set holds no key that checks signatures", 0);
            }
            heard = new Heard(keys, clock.instant());
            if (failing || LOG.isDebugEnabled()) {
                LOG.atInfo()
                        .addKeyValue("url", config.url())
                        .addKeyValue("keys", keys.size())
                        .log("The issuer's keys were fetched");
            }
            failing = false;
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException | ParseException | RuntimeException e) {
            if (!failing) {
                LOG.atWarn()
                        .addKeyValue("url", config.url())
                        .addKeyValue("reason", e.getMessage())
                        .addKeyValue("kept", config.outage())
                        .log("The issuer's keys cannot be fetched: those that are known are kept for a while");
            }
            failing = true;
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
