package io.millrace.processor.score;

import java.io.File;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * Streams' window store, which keeps how far it has read its changelog in each of its segments, and so nowhere while it has
 * none: a task that has had no event would be taken for one that was killed at each start, deleted, and cost a rebalance.
 * One without segments says what an empty store of the other kind says: that it has read nothing.
 */
final class SeenStore extends WrappedStateStore<WindowStore<Bytes, byte[]>, Object, Object>
        implements WindowStore<Bytes, byte[]> {
    /** As Streams notes it for a store that has read nothing; see OffsetCheckpoint in its source. */
    private static final long NOTHING_READ = -4;

    private boolean withoutSegments;

    private SeenStore(WindowStore<Bytes, byte[]> wrapped) {
        super(wrapped);
    }

    static WindowBytesStoreSupplier supplier(String name) {
        return new Supplier(Stores.persistentWindowStore(name, SeenEvents.RETENTION, SeenEvents.WINDOW, false));
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        String[] segments = new File(context.stateDir(), name()).list();
        withoutSegments = segments == null || segments.length == 0;
        super.init(context, root);
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        Long offset = super.committedOffset(partition);
        return offset == null && withoutSegments ? Long.valueOf(NOTHING_READ) : offset;
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value, long window) {
        wrapped().put(key, value, window);
    }

    @Override
    public byte @Nullable [] fetch(Bytes key, long time) {
        return wrapped().fetch(key, time);
    }

    @Override
    public WindowStoreIterator<byte[]> fetch(Bytes key, long from, long to) {
        return wrapped().fetch(key, from, to);
    }

    @Override
    public WindowStoreIterator<byte[]> backwardFetch(Bytes key, long from, long to) {
        return wrapped().backwardFetch(key, from, to);
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(Bytes keyFrom, Bytes keyTo, long from, long to) {
        return wrapped().fetch(keyFrom, keyTo, from, to);
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetch(Bytes keyFrom, Bytes keyTo, long from, long to) {
        return wrapped().backwardFetch(keyFrom, keyTo, from, to);
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetchAll(long from, long to) {
        return wrapped().fetchAll(from, to);
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetchAll(long from, long to) {
        return wrapped().backwardFetchAll(from, to);
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> all() {
        return wrapped().all();
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> backwardAll() {
        return wrapped().backwardAll();
    }

    /** Streams' own, around each store. */
    private record Supplier(WindowBytesStoreSupplier plain) implements WindowBytesStoreSupplier {
        @Override
        public WindowStore<Bytes, byte[]> get() {
            return new SeenStore(plain.get());
        }

        @Override
        public String name() {
            return plain.name();
        }

        @Override
        public String metricsScope() {
            return plain.metricsScope();
        }

        @Override
        public long segmentIntervalMs() {
            return plain.segmentIntervalMs();
        }

        @Override
        public long windowSize() {
            return plain.windowSize();
        }

        @Override
        public boolean retainDuplicates() {
            return plain.retainDuplicates();
        }

        @Override
        public long retentionPeriod() {
            return plain.retentionPeriod();
        }
    }
}
