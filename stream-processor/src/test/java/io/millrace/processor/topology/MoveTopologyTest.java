package io.millrace.processor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.layout.Layout;
import io.millrace.model.OutcomeSpec;
import io.millrace.processor.score.MovedState;
import io.millrace.processor.score.StateGate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task of one layout goes on where a task of another was: profiles and features, seen events, outcomes, counts. */
class MoveTopologyTest {
    private static final Instant NOON = QualityStage.NOON;
    private static final OutcomeSpec BOUGHT = new OutcomeSpec.Event(List.of("order_completed"), Duration.ofMinutes(30));

    @Test
    void goesOn_inTheNextLayout(@TempDir Path folder) throws Exception {
        List<byte[]> pieces = new ArrayList<>();
        Event seen;
        Event bought;
        try (QualityStage old = new QualityStage(folder.resolve("old"), BOUGHT, null, 16)) {
            old.post("u1", "product_viewed", NOON, "{\"a\":0.5}");
            old.post("u2", "product_viewed", NOON, "{\"a\":0.5}");
            old.post("u2", "order_completed", NOON.plusSeconds(1), "{}");
            seen = old.event("u1", "product_viewed", NOON, "{\"a\":0.5}");
            old.post(seen);
            bought = old.event("u1", "order_completed", NOON.plusSeconds(1), "{}");
            for (MovedState.Store store : MovedState.Store.values()) {
                old.changelog(store.changelog("test"))
                        .forEach(record -> pieces.add(MovedState.pack(store, 3, 4, 1, record.key(), record.value())
                                .bytes()));
            }
        }

        Layout layout = new Layout(2, 1);
        StateGate gate = StateGate.shut();
        try (QualityStage next = new QualityStage(folder.resolve("next"), BOUGHT, null, 16, layout, gate)) {
            TestInputTopic<byte[], byte[]> transfer = next.topology.driver.createInputTopic(
                    layout.transferTopic(), new ByteArraySerializer(), new ByteArraySerializer());
            transfer.pipeInput(MovedState.start());
            // Twice, as after an interruption.
            pieces.forEach(transfer::pipeInput);
            pieces.forEach(transfer::pipeInput);
            next.publish();
            assertThat(gate.isOpen(0)).isFalse();
            assertThat(next.latest).isEmpty();

            transfer.pipeInput(MovedState.end());
            pieces.forEach(transfer::pipeInput);
            transfer.pipeInput(MovedState.end());
            assertThat(gate.isOpen(0)).isTrue();
            next.post(bought);
            next.post(seen);

            assertThat(next.known()).isEqualTo("predictions 3, known 3, positives 3");
            assertThat(next.figures("picky/1/champion/all/3").predictions()).isZero();
        }
    }
}
