package io.millrace.ingest.adapt.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.fuzz.BadInput;
import io.millrace.fuzz.FuzzRun;
import io.millrace.ingest.adapt.FuzzOutcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever is delivered becomes events that the processor can read, or refusals. */
class CloudEventsFuzzTest {
    private static final int USUAL = 3_000;
    private static final List<byte[]> EXAMPLES = Stream.of("""
                    [{"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"ü\\n","time":"2026-11-23T11:00:00Z","x":1,
                      "data":{"k\\"}":"\\u0041"}},{"specversion":"1.0","id":"2","source":"/s","type":"t","userid":"u","data":[1.5]},
                     {"specversion":"1.0","id":"3","source":"/s","type":"t","sessionid":"u","datacontenttype":"text/plain","data_base64":"YQ=="}]""", """
                    {"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"userId":"u"},"data_base64":null}""")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();

    @Test
    void bodies_becomeEventsOrRefusals() {
        BadInput inputs = new BadInput(FuzzRun.seed(), EXAMPLES);

        Map<String, Long> outcomes = FuzzRun.run("cloudevents", FuzzRun.inputs(USUAL), inputs::next, body -> {
            return FuzzOutcome.of(
                    switch (body.length % 3) {
                        case 0 -> Delivered.posted(Delivered.JSON, List.of(), body);
                        case 1 -> Delivered.binary("application/json", Map.of(), body);
                        default -> body.length < 8 ? List.of() : Delivered.posted(Delivered.BATCH, List.of(), body);
                    });
        });

        assertThat(outcomes).containsKeys("accepted", "invalid_json");
    }
}
