package io.millrace.processor.move;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * How long a move waits for what should come by itself: a broker's answer, processors that take part. Immutable.
 *
 * @param time after which it is given up
 */
record Patience(Duration time) {
    private static final long BETWEEN_LOOKS_MILLIS = 20;
    private static final long BETWEEN_TRIES_MILLIS = 200;

    /** What is true at some time. */
    interface Condition {
        boolean holds() throws MoveFailedException, InterruptedException;
    }

    /** What has still to be done. */
    interface Rest {
        long left() throws MoveFailedException, InterruptedException;
    }

    void await(String what, Condition condition) throws MoveFailedException, InterruptedException {
        awaitNone(what, () -> condition.holds() ? 0 : 1);
    }

    /** Until nothing is left; begins anew whenever it became less. */
    void awaitNone(String what, Rest rest) throws MoveFailedException, InterruptedException {
        long least = Long.MAX_VALUE;
        long deadline = System.nanoTime() + time.toNanos();
        for (long left = rest.left(); left > 0; left = rest.left()) {
            if (left < least) {
                least = left;
                deadline = System.nanoTime() + time.toNanos();
            } else if (System.nanoTime() - deadline > 0) {
                throw new MoveFailedException("waited " + time + " in vain for " + what + "; run it again to go on");
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }

    /**
     * A broker's answer; asks again where that may help.
     *
     * @throws MoveFailedException if there is none in time, or it is that it cannot be done
     */
    <T> T get(Supplier<KafkaFuture<T>> question) throws MoveFailedException, InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (true) {
            Throwable cause;
            try {
                return question.get().get(time.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                cause = e;
            } catch (ExecutionException e) {
                cause = e.getCause();
            }
            boolean gone = cause instanceof UnknownTopicOrPartitionException;
            // The client fails with the second when a broker leaves while it asks all of them (seen with 4.3.1).
            boolean passes = cause instanceof RetriableException || cause instanceof IllegalArgumentException;
            if (gone || !passes || System.nanoTime() - deadline > 0) {
                throw new MoveFailedException("the broker did not do it: " + cause, cause);
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES_MILLIS);
        }
    }

    /** The same; empty where the topic is not there. */
    <T> Optional<T> ifThere(Supplier<KafkaFuture<T>> question) throws MoveFailedException, InterruptedException {
        try {
            return Optional.ofNullable(get(question));
        } catch (MoveFailedException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
