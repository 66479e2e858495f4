package io.millrace.processor.score;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.processor.score.MovedState.Store;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class MovedStateTest {
    private static final byte[] USER = "web:u1".getBytes(UTF_8);
    private static final byte[] SEEN_KEY = ByteBuffer.allocate(28)
            .putLong(1)
            .putLong(2)
            .putLong(86_400_000)
            .putInt(0)
            .array();

    @Test
    void users_goWhereTheirEventsGo() {
        for (int partitions = 1; partitions < 20; partitions++) {
            assertThat(MovedState.pack(Store.USERS, 0, 4, partitions, USER, new byte[] {7})
                            .partitions())
                    .containsExactly(BuiltInPartitioner.partitionForKey(USER, partitions));
        }
    }

    @Test
    void seenEvents_goWithTheirUser() {
        int hash = Utils.murmur2(USER);
        byte[] value = ByteBuffer.allocate(12).putLong(5).putInt(hash).array();

        MovedState.Parcel parcel = MovedState.pack(Store.SEEN, 0, 4, 7, SEEN_KEY, value);

        assertThat(parcel.partitions()).containsExactly(BuiltInPartitioner.partitionForKey(USER, 7));
        assertThat(MovedState.read(parcel.bytes())).isInstanceOfSatisfying(MovedState.Seen.class, seen -> {
            assertThat(seen.key()).hasSize(16).startsWith(0, 0, 0, 0, 0, 0, 0, 1);
            assertThat(seen.window()).isEqualTo(86_400_000);
            assertThat(seen.value()).isEqualTo(value);
        });
    }

    @Test
    void seenEventsOfAnEarlierRelease_goWhereverTheirUserMayBe() {
        byte[] value = ByteBuffer.allocate(8).putLong(5).array();

        assertThat(MovedState.pack(Store.SEEN, 1, 4, 8, SEEN_KEY, value).partitions())
                .containsExactly(1, 5);
        assertThat(MovedState.pack(Store.SEEN, 5, 6, 4, SEEN_KEY, value).partitions())
                .containsExactly(1, 3);
        assertThat(MovedState.pack(Store.SEEN, 1, 2, 3, SEEN_KEY, value).partitions())
                .containsExactly(0, 1, 2);
    }

    @Test
    void counts_tellWhereTheyWereCounted() {
        MovedState.Parcel parcel = MovedState.pack(Store.QUALITY, 4, 5, 3, "m/1/champion/all".getBytes(UTF_8), null);

        assertThat(parcel.partitions()).containsExactly(1);
        assertThat(MovedState.read(parcel.bytes())).isEqualTo(new MovedState.Counts(4, "m/1/champion/all", null));
        assertThat(MovedState.pack(Store.QUALITY, 4, 5, 3, new byte[] {'~', '!'}, new byte[] {1})
                        .partitions())
                .isEmpty();
        assertThat(MovedState.pack(Store.QUALITY, 4, 5, 3, "m/1/champion/closed".getBytes(UTF_8), new byte[8])
                        .partitions())
                .containsExactly(0, 1, 2);
    }
}
