package io.millrace.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A subscriber that takes what it asks for, when it is told to ask. */
public final class ChunkTaker implements Flow.Subscriber<byte[]> {
    private static final byte[] END = {};

    private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();
    private final AtomicLong asked = new AtomicLong();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile @Nullable Throwable failure;
    private volatile boolean complete;

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
    }

    @Override
    public void onNext(byte[] chunk) {
        assertThat(asked.decrementAndGet()).as("chunks that nobody asked for").isNotNegative();
        chunks.add(chunk);
    }

    @Override
    public void onError(Throwable cause) {
        failure = cause;
        chunks.add(END);
    }

    @Override
    public void onComplete() {
        complete = true;
        chunks.add(END);
    }

    /** Asks for one and waits for it; null at the end, whichever it is. */
    public byte @Nullable [] take() throws InterruptedException {
        asked.incrementAndGet();
        subscription().request(1);
        return await();
    }

    /** Waits for what was asked for before. */
    public byte @Nullable [] await() throws InterruptedException {
        byte[] chunk = chunks.poll(60, TimeUnit.SECONDS);
        assertThat(chunk).as("a chunk or the end").isNotNull();
        return chunk == END ? null : chunk;
    }

    public void cancel() {
        subscription().cancel();
    }

    public boolean isComplete() {
        return complete;
    }

    public @Nullable Throwable failure() {
        return failure;
    }

    private Flow.Subscription subscription() {
        return Objects.requireNonNull(subscription, "subscribed first");
    }
}
