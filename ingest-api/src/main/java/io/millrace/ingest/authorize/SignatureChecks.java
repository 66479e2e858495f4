package io.millrace.ingest.authorize;

import io.millrace.ingest.authorize.TokenVerifier.Verdict;
import io.millrace.ingest.authorize.TokenVerifier.Verdict.Unsigned;
import io.millrace.ingest.outcome.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Checks signatures by public key away from the event loops, which one such check would stop for milliseconds. A quarter
 * of the processors and a short queue are all that such tokens get, so that a flood of forged ones, each different, takes
 * nothing from those that are known. Thread-safe.
 */
final class SignatureChecks implements AutoCloseable {
    private static final int WAITING = 256;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** What a check came to. */
    sealed interface Result {
        record Checked(Verdict verdict) implements Result {}

        /** Nobody can say now; asking again is worth while. */
        record Later(Problem problem) implements Result {}
    }

    private final IssuerKeySet keys;
    private final Map<String, CompletableFuture<Result>> running = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;

    SignatureChecks(IssuerKeySet keys) {
        this.keys = keys;
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
        this.threads =
                new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, "millrace-signatures");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Completes on a thread of its own, and never fails; the same token is checked once, however often it comes. */
    CompletableFuture<Result> check(String token, Unsigned unsigned) {
        CompletableFuture<Result> mine = new CompletableFuture<>();
        CompletableFuture<Result> first = running.putIfAbsent(token, mine);
        if (first != null) {
            return first;
        }
        // Whoever waits for it is told after it is forgotten here: the answer is remembered elsewhere by then, or not
        // worth it.
        CompletableFuture<Result> answer = mine.whenComplete((result, bug) -> running.remove(token, mine));
        submit(mine, () -> {
            List<IssuerKey> known = keys.find(unsigned.token().getHeader(), unsigned.algorithm());
            if (known.isEmpty()) {
                keys.refresh().whenComplete((nothing, never) -> submit(mine, () -> last(mine, unsigned)));
            } else {
                mine.complete(new Result.Checked(TokenVerifier.verify(unsigned, known)));
            }
        });
        return answer;
    }

    /** With what is known after the issuer was asked, or was not because it just had been. */
    private void last(CompletableFuture<Result> result, Unsigned unsigned) {
        List<IssuerKey> known = keys.find(unsigned.token().getHeader(), unsigned.algorithm());
        if (!known.isEmpty()) {
            result.complete(new Result.Checked(TokenVerifier.verify(unsigned, known)));
        } else if (keys.isKnown()) {
            result.complete(new Result.Checked(new Verdict.Unknown("the token's kid: no key of the issuer has it")));
        } else {
            result.complete(new Result.Later(new Problem.Unavailable(
                    "the issuer's keys cannot be fetched, so no token can be checked", RETRY_AFTER)));
        }
    }

    private void submit(CompletableFuture<Result> result, Runnable task) {
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    result.complete(new Result.Checked(new Verdict.Unknown("the token cannot be read")));
                }
            });
        } catch (RejectedExecutionException e) {
            result.complete(new Result.Later(
                    new Problem.Overloaded("more than " + WAITING + " signatures wait to be checked", RETRY_AFTER)));
        }
    }

    /** How many wait. */
    int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        keys.close();
    }
}
