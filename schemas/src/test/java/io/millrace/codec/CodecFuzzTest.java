package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.fuzz.BadInput;
import io.millrace.fuzz.FuzzRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever stands on a topic, its codec reads it or refuses it with a code. */
class CodecFuzzTest {
    private static final int USUAL = 5_000;

    private record Kind(String name, FuzzRun.Target codec) {}

    private static final List<Kind> OTHERS = List.of(
            new Kind("profile", bytes -> text(ProfileCodec.decode(bytes))),
            new Kind("prediction", bytes -> text(PredictionCodec.decodeStored(bytes))),
            new Kind("dead-letter", bytes -> text(DeadLetterCodec.decode(bytes))),
            new Kind("redrive", bytes -> text(RedriveCodec.decode(bytes))),
            new Kind("write-key", bytes -> text(WriteKeyCodec.decode(bytes))),
            new Kind("model-quality", bytes -> text(QualityCodec.decode(bytes))),
            new Kind("pipeline", bytes -> text(PipelineCodec.decode(bytes))),
            new Kind("deployment", bytes -> text(DeploymentCodec.decode(bytes))),
            new Kind("registered-version", bytes -> text(RegisteredVersionCodec.decode(bytes))));

    @Test
    void events_areReadAndWrittenTheSame_orRefusedWithACode() {
        BadInput inputs = new BadInput(FuzzRun.seed(), FuzzRun.examples("event"));

        Map<String, Long> outcomes = FuzzRun.run("event codec", FuzzRun.inputs(USUAL), inputs::next, bytes -> {
            Event event;
            try {
                event = EventCodec.decode(bytes);
            } catch (DecodeException e) {
                return e.reason().code();
            }
            assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
            return "read";
        });

        assertThat(outcomes).containsKeys("read", "invalid_json", "missing_field", "wrong_type");
    }

    @Test
    void otherRecords_areRead_orRefusedWithACode() {
        for (Kind kind : OTHERS) {
            BadInput inputs = new BadInput(FuzzRun.seed(), FuzzRun.examples(kind.name()));
            int count = FuzzRun.inputs(USUAL) / OTHERS.size();

            Map<String, Long> outcomes = FuzzRun.run(kind.name() + " codec", count, inputs::next, bytes -> {
                try {
                    return kind.codec().take(bytes);
                } catch (DecodeException e) {
                    return e.reason().code();
                }
            });

            assertThat(outcomes).containsKeys("read", "invalid_json");
        }
    }

    private static String text(Object read) {
        assertThat(read).isNotNull();
        return "read";
    }
}
