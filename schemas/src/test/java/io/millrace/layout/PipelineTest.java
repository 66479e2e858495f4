package io.millrace.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.layout.Pipeline.Phase;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final Layout OLD = new Layout(1, 2);
    private static final Layout NEXT = new Layout(3, 5);

    @Test
    void layout1_hasTheNamesThatWereAlwaysThere() {
        assertThat(Layout.FIRST.topic()).isEqualTo("user-events");
        assertThat(Layout.FIRST.applicationId("millrace-processor")).isEqualTo("millrace-processor");
        assertThat(NEXT.topic()).isEqualTo("user-events-3");
        assertThat(NEXT.applicationId("millrace-processor")).isEqualTo("millrace-processor-3");
        assertThat(List.of("user-events", "user-events-3", "user-events-x", "user-events-03", "predictions"))
                .filteredOn(Layout::isEvents)
                .containsExactly("user-events", "user-events-3");
    }

    @Test
    void eachPhase_saysWhoWritesWhoRunsAndWhoAnswers() {
        assertThat(Pipeline.FIRST.open()).isEqualTo(Layout.FIRST);
        assertThat(Pipeline.FIRST.running()).containsExactly(Layout.FIRST);
        assertThat(in(Phase.PREPARING).running()).containsExactly(OLD);
        assertThat(in(Phase.COPYING).running()).containsExactlyInAnyOrder(OLD, NEXT);
        assertThat(in(Phase.COPYING).open()).isEqualTo(OLD);
        assertThat(in(Phase.CLOSING).running()).containsExactlyInAnyOrder(OLD, NEXT);
        assertThat(in(Phase.CLOSING).open()).isEqualTo(OLD);
        assertThat(in(Phase.SWITCHING).open()).isEqualTo(NEXT);
        assertThat(in(Phase.SWITCHING).running()).containsExactlyInAnyOrder(OLD, NEXT);
        assertThat(in(Phase.SWITCHING).asked()).isEqualTo(OLD);
        assertThat(in(Phase.STOPPING).running()).containsExactly(NEXT);
        assertThat(in(Phase.STOPPING).asked()).isEqualTo(NEXT);
        assertThat(in(Phase.COPYING).with(Phase.STEADY, Instant.EPOCH).lastNumber())
                .isEqualTo(3);
    }

    @Test
    void aNumberIsNeverUsedTwice() {
        assertThatThrownBy(() ->
                        new Pipeline(1, NEXT, Phase.COPYING, OLD, 3, List.of(), StreamThreads.AS_SET, Instant.EPOCH))
                .hasMessageContaining("next.number 1");
        assertThatThrownBy(() ->
                        new Pipeline(1, OLD, Phase.COPYING, NEXT, 2, List.of(), StreamThreads.AS_SET, Instant.EPOCH))
                .hasMessageContaining("lastNumber 2");
    }

    private static Pipeline in(Phase phase) {
        return new Pipeline(1, OLD, phase, NEXT, 3, List.of(), StreamThreads.AS_SET, Instant.EPOCH);
    }
}
