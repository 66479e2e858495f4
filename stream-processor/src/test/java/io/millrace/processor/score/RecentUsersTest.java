package io.millrace.processor.score;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecentUsersTest {
    private static final int MANY = 500;

    private final InternalProcessorContext<?, ?> context =
            (InternalProcessorContext<?, ?>) new MockProcessorContext<>().getStateStoreContext();
    private final KeyValueStore<byte[], byte[]> store = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore("users"), Serdes.ByteArray(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();

    RecentUsersTest() {
        store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void writesOnce_whatChangedOften() {
        RecentUsers users = users(1 << 20);
        for (int i = 0; i < 10; i++) {
            put(users, 1, i);
        }
        assertThat(store.get(key(1))).isNull();
        assertThat(users.get(key(1)).value().bytes()).isEqualTo(value(9));

        users.flush();
        assertThat(store.get(key(1))).isEqualTo(value(9));
    }

    @Test
    void losesNothing_whereItHoldsOnlyAFew() {
        for (long bytes : new long[] {0, 300, 3_000}) {
            RecentUsers users = users(bytes);
            for (int i = 0; i < MANY; i++) {
                put(users, i, i);
                put(users, i / 2, i);
            }
            users.flush();

            for (int i = 0; i < MANY; i++) {
                byte[] expected = value(Math.max(i, i < MANY / 2 ? 2 * i + 1 : i));
                assertThat(users.get(key(i)).value().bytes())
                        .as("user %d of %d bytes", i, bytes)
                        .isEqualTo(expected);
                assertThat(store.get(key(i))).isEqualTo(expected);
            }
            users.close();
        }
    }

    /** Whoever comes again and again is never the one who goes. */
    @Test
    void keepsWhoComesAgain() {
        RecentUsers users = users(3_000);
        store.put(key(0), value(0));
        RecentUsers.User often = users.get(key(0));
        for (int i = 1; i < MANY; i++) {
            users.get(key(i));
            assertThat(users.get(key(0))).as("after user %d", i).isSameAs(often);
        }
        assertThat(users.get(key(1))).isNotSameAs(users.get(key(0)));
    }

    @Test
    void tellsOfErasedUsersNothing_andLeavesThemOutOfTheOrder() {
        RecentUsers users = users(1 << 20);
        users.put(key(1), value(1));
        users.put(key(2), value(2));
        users.flush();
        users.put(key(1), null);

        assertThat(users.get(key(1)).value().bytes()).isNull();
        try (KeyValueIterator<byte[], byte[]> all = users.from(null)) {
            assertThat(all.next().key).isEqualTo(key(2));
            assertThat(all.hasNext()).isFalse();
        }
    }

    @Test
    void readsAgain_whatCouldNotBeUsed_unlessItIsNotWrittenYet() {
        RecentUsers users = users(1 << 20);
        store.put(key(1), value(1));
        RecentUsers.User read = users.get(key(1));
        store.put(key(1), value(2));
        users.forget(read);
        assertThat(users.get(key(1)).value().bytes()).isEqualTo(value(2));

        put(users, 1, 3);
        users.forget(users.get(key(1)));
        assertThat(users.get(key(1)).value().bytes()).isEqualTo(value(3));
    }

    private RecentUsers users(long bytes) {
        return new RecentUsers(context, store, new SharedCache(bytes));
    }

    /** Gives a user another value, as an event does: by the user itself. */
    private static void put(RecentUsers users, int user, int value) {
        users.put(key(user), value(value));
    }

    private static byte[] key(int i) {
        return ("user-" + i).getBytes(UTF_8);
    }

    private static byte[] value(int i) {
        return ("value-" + i).getBytes(UTF_8);
    }
}
