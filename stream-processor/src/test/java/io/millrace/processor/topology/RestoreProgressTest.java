package io.millrace.processor.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.processor.topology.RestoreProgress.Restoring;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestoreProgressTest {
    private static final TopicPartition USERS = new TopicPartition("millrace-processor-users-changelog", 3);
    private static final TopicPartition SEEN = new TopicPartition("millrace-processor-seen-changelog", 1);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RestoreProgress progress = new RestoreProgress(registry);

    @Test
    void tellsHowFarEachChangelogIs_toWhoAsks_toReadiness_andToMeters() {
        assertThat(progress.text()).isEmpty();

        progress.onRestoreStart(USERS, "users", 100, 1_100);
        progress.onRestoreStart(SEEN, "seen", 0, 500);
        progress.onBatchRestored(USERS, "users", 350, 250);

        assertThat(progress.restoring())
                .extracting(Restoring::store, Restoring::partition, Restoring::records, Restoring::left)
                .containsExactly(tuple("seen", 1, 500L, 500L), tuple("users", 3, 1_000L, 750L));
        assertThat(progress.text()).isEqualTo("restoring 2 changelog partitions, 1250 records left");
        assertThat(registry.get("millrace.state.restore.remaining").gauge().value())
                .isEqualTo(1_250);
        assertThat(registry.get("millrace.state.restore.partitions").gauge().value())
                .isEqualTo(2);

        progress.onRestoreEnd(USERS, "users", 1_000);
        progress.onRestoreSuspended(SEEN, "seen", 10);

        assertThat(progress.restoring()).isEmpty();
        assertThat(registry.get("millrace.state.restored").counter().count()).isEqualTo(250);
    }
}
