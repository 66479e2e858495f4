package io.millrace.processor.score;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * The hook that keeps micro-batches inside exactly-once: a state store without state, of which Streams flushes the cache
 * just before it commits a task's offsets, on a timer, at a revocation and at a clean close. What waits in the batch is
 * emitted there, into the transaction that commits the events it came from; after a crash both are gone and both come
 * again.
 *
 * <p>{@link CachedStateStore} is internal to Kafka Streams. Of the hooks that were tried it is the only one without a
 * changelog of its own that lost nothing; see docs/decisions/0003-micro-batches-and-exactly-once.md. {@link
 * #commit} guards it where Streams checkpoints a task: under exactly-once at a suspension and a close, not on each commit.
 */
final class MicroBatchStore implements StateStore, CachedStateStore<byte[], byte[]> {
    static final String NAME = "micro-batch";

    private Drain drain = Drain.NOTHING;
    private Runnable beforeCommit = () -> {};
    private boolean open;

    /** What waits for the commit. */
    interface Drain {
        Drain NOTHING = new Drain() {
            @Override
            public void drain() {}

            @Override
            public boolean isEmpty() {
                return true;
            }
        };

        /** Scores and emits everything that waits, and writes what is kept until the commit. */
        void drain();

        /** Whether nothing is left to do. */
        boolean isEmpty();
    }

    /** Makes one for each task. */
    static StoreBuilder<MicroBatchStore> builder() {
        return new Builder();
    }

    /** @param beforeCommit runs first */
    void attach(Drain waiting, Runnable beforeCommit) {
        this.drain = waiting;
        this.beforeCommit = beforeCommit;
    }

    @Override
    public void flushCache() {
        beforeCommit.run();
        drain.drain();
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        if (!drain.isEmpty()) {
            throw new IllegalStateException(
                    "events wait in the micro-batch, or state in memory, after a commit: this Kafka Streams does not flush"
                            + " caches before it");
        }
    }

    @Override
    public void clearCache() {
        // Streams asks for it where the store was written behind the cache's back, as in a restore; nothing waits then.
    }

    @Override
    public boolean setFlushListener(@Nullable CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        context.register(root, (key, value) -> {});
        open = true;
    }

    @Override
    public void close() {
        open = false;
        drain = Drain.NOTHING;
        beforeCommit = () -> {};
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    private static final class Builder implements StoreBuilder<MicroBatchStore> {
        @Override
        public StoreBuilder<MicroBatchStore> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<MicroBatchStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<MicroBatchStore> withLoggingEnabled(Map<String, String> config) {
            throw new IllegalArgumentException("the micro-batch has no changelog");
        }

        @Override
        public StoreBuilder<MicroBatchStore> withLoggingDisabled() {
            return this;
        }

        @Override
        public MicroBatchStore build() {
            return new MicroBatchStore();
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }

        @Override
        public String name() {
            return NAME;
        }
    }
}
