package io.millrace.ingest.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.fuzz.BadInput;
import io.millrace.fuzz.FuzzRun;
import io.millrace.identity.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever is posted, the door takes it as events that the processor can read, or refuses it with a code. */
class ValidateFuzzTest {
    private static final int USUAL = 3_000;
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");
    private static final Source WEB = new Source("web");

    private final EventReader reader =
            new EventReader(new ValidationLimits(32 * 1024, 2_500, 64, Duration.ofHours(24)));

    @Test
    void bodies_becomeEventsOrRefusals() {
        List<byte[]> examples = Stream.concat(FuzzRun.examples("publish").stream(), FuzzRun.examples("event").stream())
                .toList();
        BadInput inputs = new BadInput(FuzzRun.seed(), examples);

        Map<String, Long> outcomes = FuzzRun.run("validate", FuzzRun.inputs(USUAL), inputs::next, body -> {
            Framing framing = body.length % 2 == 0 ? Framing.JSON : Framing.NDJSON;
            List<Posted> posted = reader.read(body, framing, WEB, NOW).posted();
            assertThat(posted).isNotEmpty();
            String first = "";
            for (int i = 0; i < posted.size(); i++) {
                String outcome = outcome(posted.get(i));
                first = i == 0 ? outcome : first;
            }
            return first;
        });

        assertThat(outcomes).containsKeys("accepted", "invalid_json", "missing_field", "wrong_type");
    }

    private static String outcome(Posted posted) throws DecodeException {
        if (posted instanceof Posted.Valid valid) {
            assertThat(EventCodec.decode(EventCodec.encode(valid.event()))).isEqualTo(valid.event());
            assertThat(valid.event().source()).isEqualTo(WEB);
            return "accepted";
        } else if (posted instanceof Posted.Invalid invalid) {
            assertThat(invalid.refusal().detail()).isNotEmpty();
            return invalid.refusal().reason().code();
        }
        throw new AssertionError("what was posted is one of the two");
    }
}
