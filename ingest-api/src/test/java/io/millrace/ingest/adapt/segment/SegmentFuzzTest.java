package io.millrace.ingest.adapt.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.EventKind;
import io.millrace.fuzz.BadInput;
import io.millrace.fuzz.FuzzRun;
import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.adapt.FuzzOutcome;
import io.millrace.ingest.adapt.Intake;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever an SDK sends becomes events that the processor can read, or refusals. */
class SegmentFuzzTest {
    private static final int USUAL = 3_000;
    private static final List<byte[]> EXAMPLES = Stream.of("""
                    {"batch":[{"type":"identify","messageId":"m1","userId":"u1","traits":{"a":1.5},"context":{"traits":{"b":null}}},
                     {"type":"page","anonymousId":7,"name":"Home","category":"Docs","properties":{"x":[{}]},"timestamp":1700740799999},
                     {"type":"group","userId":"u1","groupId":"g","originalTimestamp":"2026-11-23T11:00:00Z"}],
                     "context":{"library":{"name":"x"}},"sentAt":"2026-11-23T12:00:00.000Z","writeKey":"wk"}""", """
                    {"userId":"ü\\n","event":"e","properties":{"k\\"}":"\\u0041"},"messageId":"m","writeKey":"wk","sentAt":null}""")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();

    private final Intake intake = new Intake(Read.LIMITS);
    private final SegmentAdapter batches = SegmentAdapter.ofBatches(Read.LIMITS);
    private final SegmentAdapter calls = SegmentAdapter.of(EventKind.TRACK, Read.LIMITS);

    @Test
    void bodies_becomeEventsOrRefusals() {
        BadInput inputs = new BadInput(FuzzRun.seed(), EXAMPLES);

        Map<String, Long> outcomes = FuzzRun.run("segment", FuzzRun.inputs(USUAL), inputs::next, body -> {
            Adapted adapted = (body.length % 2 == 0 ? batches : calls).read(body);
            return FuzzOutcome.of(
                    adapted.candidates().isEmpty()
                            ? List.of()
                            : intake.read(adapted.candidates(), Read.SHOP, Read.NOW)
                                    .posted());
        });

        assertThat(outcomes).containsKeys("accepted", "invalid_json");
    }
}
