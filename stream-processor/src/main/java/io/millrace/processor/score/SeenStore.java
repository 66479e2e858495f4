package io.millrace.processor.score;

import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.apache.kafka.streams.state.internals.WindowKeySchema;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * Streams' window store, made to fit what {@link SeenEvents} does with it: nearly every key that is looked up is not there,
 * and every key is put once.
 *
 * <ul>
 *   <li>A {@link SeenFilter} answers most look-ups without a call to RocksDB, which tells by an exception of C++ that it has
 *       not found a key. The filter is built beside the work from what is on disk, some keys at each look-up, and anew where
 *       something was restored.
 *   <li>Keys are written some hundred at a time, by the call that Streams has for restoring; before that they are read from
 *       here. The changelog has them at once. Whoever crashes restores from it, whoever ends in order commits before.
 *   <li>Streams keeps how far it has read the changelog in each segment, and so nowhere while there is none: a task that has
 *       had no event would be taken for one that was killed at each start, deleted, and cost a rebalance. A store without
 *       segments says what an empty one of the other kind says: that it has read nothing.
 * </ul>
 *
 * <p>Used by one thread at a time.
 */
final class SeenStore extends WrappedStateStore<WindowStore<Bytes, byte[]>, Object, Object>
        implements WindowStore<Bytes, byte[]> {
    /** As Streams notes it for a store that has read nothing; see OffsetCheckpoint in its source. */
    private static final long NOTHING_READ = -4;
    /** Of the heap, for all filters of the process. */
    private static final int PART_OF_HEAP = 8;

    private static final HeapRoom ROOM = new HeapRoom(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    private static final int MOST_UNWRITTEN = 512;

    private final Map<Bytes, byte @Nullable []> unwritten = new HashMap<>();
    private final SeenScan scan;
    private @Nullable RecordBatchingStateRestoreCallback writer;
    private boolean withoutSegments;

    SeenStore(WindowStore<Bytes, byte[]> wrapped) {
        super(wrapped);
        scan = new SeenScan(wrapped, ROOM);
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        String[] segments = new File(context.stateDir(), name()).list();
        withoutSegments = segments == null || segments.length == 0;
        super.init(RestoreTap.on(context, this::tap), root);
    }

    /** What comes by restoring has not come through here: the filter does not know it. */
    private RecordBatchingStateRestoreCallback tap(RecordBatchingStateRestoreCallback restored) {
        writer = restored;
        return records -> {
            write();
            scan.restart();
            restored.restoreBatch(records);
        };
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        Long offset = super.committedOffset(partition);
        return offset == null && withoutSegments ? Long.valueOf(NOTHING_READ) : offset;
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        write();
        super.commit(changelogOffsets);
    }

    @Override
    public void close() {
        // An orderly end has committed before; any other leaves nothing that is read again.
        unwritten.clear();
        scan.close();
        super.close();
    }

    private void write() {
        if (unwritten.isEmpty()) {
            return;
        }
        RecordBatchingStateRestoreCallback to = writer;
        if (to == null) {
            throw new IllegalStateException("init comes first");
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(unwritten.size());
        unwritten.forEach((key, value) -> records.add(new ConsumerRecord<>(name(), 0, 0, key.get(), value)));
        to.restoreBatch(records);
        unwritten.clear();
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value, long window) {
        unwritten.put(WindowKeySchema.toStoreKeyBinary(key, window, 0), value);
        if (value != null) {
            scan.add(key.get(), window);
        }
        if (unwritten.size() >= MOST_UNWRITTEN) {
            write();
        }
    }

    @Override
    public byte @Nullable [] fetch(Bytes key, long window) {
        if (!scan.mayHave(key.get(), window)) {
            return null;
        }
        Bytes stored = WindowKeySchema.toStoreKeyBinary(key, window, 0);
        return unwritten.containsKey(stored) ? unwritten.get(stored) : wrapped().fetch(key, window);
    }

    private WindowStore<Bytes, byte[]> written() {
        write();
        return wrapped();
    }

    @Override
    public WindowStoreIterator<byte[]> fetch(Bytes key, long from, long to) {
        return written().fetch(key, from, to);
    }

    @Override
    public WindowStoreIterator<byte[]> backwardFetch(Bytes key, long from, long to) {
        return written().backwardFetch(key, from, to);
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(Bytes keyFrom, Bytes keyTo, long from, long to) {
        return written().fetch(keyFrom, keyTo, from, to);
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetch(Bytes keyFrom, Bytes keyTo, long from, long to) {
        return written().backwardFetch(keyFrom, keyTo, from, to);
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetchAll(long from, long to) {
        return written().fetchAll(from, to);
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetchAll(long from, long to) {
        return written().backwardFetchAll(from, to);
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> all() {
        return written().all();
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> backwardAll() {
        return written().backwardAll();
    }
}
