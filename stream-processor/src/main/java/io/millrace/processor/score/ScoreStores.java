package io.millrace.processor.score;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/** The state of the scoring stage. The names are part of changelog topics' names and never change. */
public final class ScoreStores {
    /** One value a user; {@link UserSteps} reads it. */
    public static final String USERS = "users";

    static final String SEEN = "seen";

    static final String QUALITY = "quality";

    /** Those that keep something. */
    public static final List<String> PERSISTENT = List.of(USERS, SEEN, QUALITY);

    private ScoreStores() {}

    /** One value a user: profile and features. Not cached by Streams: {@link RecentUsers} does that. */
    public static StoreBuilder<KeyValueStore<byte[], byte[]>> users() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(USERS), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    /** The ids of the last 24 hours. Not cached: an id is written once and hardly ever read again. */
    public static StoreBuilder<WindowStore<byte[], byte[]>> seen() {
        return Stores.windowStoreBuilder(SeenStoreSupplier.of(SEEN), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    /** Counts of model quality. Not cached: they are written as part of a commit, when caches have been flushed. */
    public static StoreBuilder<KeyValueStore<byte[], byte[]>> quality() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(QUALITY), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    /** What waits for its micro-batch; no state, see {@link MicroBatchStore}. */
    public static StoreBuilder<?> microBatch() {
        return MicroBatchStore.builder();
    }
}
