package io.millrace.processor.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.internals.WindowKeySchema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over Streams' own store on a disk: what is put is found, whatever it has come through. */
class SeenStoreTest {
    private static final long DAY = SeenEvents.WINDOW.toMillis();
    private static final long TODAY = 20_000 * DAY;
    /** More than are written at once, and more than one piece of a scan. */
    private static final int MANY = 3_000;

    @TempDir
    private @Nullable Path folder;

    private WindowStore<Bytes, byte[]> store = SeenStoreSupplier.of("seen").get();
    private final List<RecordBatchingStateRestoreCallback> restored = new ArrayList<>();

    @BeforeEach
    void open() {
        store = SeenStoreSupplier.of("seen").get();
        store.init(context(), store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void findsWhatWasPut_beforeAndAfterItIsWritten() {
        put(0, MANY, TODAY);

        assertThat(found(MANY, TODAY)).isEqualTo(MANY);
        assertThat(found(MANY, TODAY - DAY)).isZero();
        assertThat(all()).isEqualTo(MANY);
    }

    @Test
    void findsWhatIsOnDisk_whenItIsOpenedAgain() {
        put(0, MANY, TODAY);
        store.commit(Map.of());
        store.close();
        open();

        assertThat(found(2 * MANY, TODAY)).isEqualTo(MANY);
        put(MANY, 2 * MANY, TODAY);
        assertThat(found(2 * MANY, TODAY)).isEqualTo(2 * MANY);
    }

    /** As a task that becomes a standby, is kept up to date, and becomes active again. */
    @Test
    void findsWhatWasRestored_afterItHadLookedItUpInVain() {
        put(0, 10, TODAY);
        assertThat(found(20, TODAY)).isEqualTo(10);

        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 10; i < 20; i++) {
            Bytes key = WindowKeySchema.toStoreKeyBinary(key(i), TODAY, 0);
            records.add(new ConsumerRecord<>("changelog", 0, i, key.get(), new byte[] {1}));
        }
        restored.get(0).restoreBatch(records);

        assertThat(found(20, TODAY)).isEqualTo(20);
        assertThat(all()).isEqualTo(20);
    }

    @Test
    void forgetsWhatIsDeleted_andWhatIsOver() {
        put(0, 10, TODAY);
        store.put(key(3), null, TODAY);
        assertThat(found(10, TODAY)).isEqualTo(9);

        put(10, 11, TODAY + 4 * DAY);
        store.commit(Map.of());
        assertThat(found(10, TODAY)).isZero();
        assertThat(all()).isEqualTo(1);
    }

    private StateStoreContext context() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        MockProcessorContext<?, ?> context = new MockProcessorContext<>(
                settings, new TaskId(0, 0), Objects.requireNonNull(folder).toFile());
        return RestoreTap.on(context.getStateStoreContext(), callback -> {
            restored.clear();
            restored.add(callback);
            return callback;
        });
    }

    private void put(int from, int to, long window) {
        for (int i = from; i < to; i++) {
            store.put(key(i), new byte[] {1}, window);
        }
    }

    private int found(int of, long window) {
        int found = 0;
        for (int i = 0; i < of; i++) {
            found += store.fetch(key(i), window) == null ? 0 : 1;
        }
        return found;
    }

    private int all() {
        int count = 0;
        try (KeyValueIterator<Windowed<Bytes>, byte[]> all = store.all()) {
            for (; all.hasNext(); all.next()) {
                count++;
            }
        }
        return count;
    }

    private static Bytes key(int i) {
        return Bytes.wrap(ByteBuffer.allocate(16)
                .putLong(i * 0x9E3779B97F4A7C15L)
                .putLong(i)
                .array());
    }
}
