package io.millrace.processor.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the native memory of all state stores of a process together. Streams' defaults bound each store by itself, at
 * about 100 MB: with two stores, several segments and a dozen partitions that is gigabytes.
 *
 * <p>One instance a process, given to every store through {@link Setter}. Thread-safe. Close it after Streams has closed.
 */
public final class StateMemory implements AutoCloseable {
    /** Where {@link Setter}, which Streams makes by reflection, finds the instance among Streams' settings. */
    static final String SETTING = "millrace.state.memory";

    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    /**
     * Memory that a write buffer takes at a time. RocksDB's own, an eighth of the buffer, is a megabyte for every store that
     * was ever written to: a dozen partitions were over the bound of all write buffers with that alone, and from then on each
     * write had a buffer flushed, which took a third of all CPU.
     */
    private static final long ARENA_BLOCK_BYTES = 64L << 10;

    private static final int BLOOM_BITS_PER_KEY = 10;

    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final BloomFilter bloomFilter;

    /** @param bytes of block cache and write buffers together; half of it may be write buffers */
    public StateMemory(long bytes) {
        RocksDB.loadLibrary();
        cache = new LRUCache(bytes);
        writeBuffers = new WriteBufferManager(bytes / 2, cache);
        bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY);
    }

    /** Bytes in use; 0 once it is closed. */
    long used() {
        return cache.isOwningHandle() ? cache.getUsage() : 0;
    }

    private void apply(Options options) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(cache);
        // Index and filter blocks count against the bound as well, or it would be none.
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        // Most look-ups of an event's id find nothing: the filter answers them without reading a block.
        table.setFilterPolicy(bloomFilter);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(writeBuffers);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setArenaBlockSize(ARENA_BLOCK_BYTES);
    }

    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
        bloomFilter.close();
    }

    /** What Streams calls for each store; it finds the shared memory in Streams' settings. */
    public static final class Setter implements RocksDBConfigSetter {
        @Override
        public void setConfig(String storeName, Options options, Map<String, Object> configs) {
            if (!(configs.get(SETTING) instanceof StateMemory memory)) {
                throw new IllegalStateException(SETTING + " is not among Streams' settings");
            }
            memory.apply(options);
        }

        @Override
        public void close(String storeName, Options options) {
            // The memory is shared; its owner closes it.
        }
    }
}
