package io.millrace.ingest.adapt.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.EventCodec;
import io.millrace.fuzz.BadInput;
import io.millrace.fuzz.FuzzRun;
import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.validate.Posted;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever is exported becomes events that the processor can read, or refusals. */
class OtlpFuzzTest {
    @Test
    void bodies_becomeEventsOrRefusals() {
        BadInput inputs = new BadInput(
                FuzzRun.seed(),
                List.of(
                        OtlpLogsTest.bytes(OtlpLogsTest.JS),
                        OtlpLogsTest.request(LogRecord.newBuilder()
                                .setEventName("e")
                                .addAttributes(OtlpLogsTest.attribute("user.id", "u")))));

        Map<String, Long> outcomes = FuzzRun.run("otlp", FuzzRun.inputs(3_000), inputs::next, body -> {
            OtlpEncoding encoding = body.length > 0 && body[0] == '{' ? OtlpEncoding.JSON : OtlpEncoding.PROTOBUF;
            String last = "nothing";
            Adapted adapted = new OtlpLogs(encoding, OtlpLogsTest.LIMITS).read(body);
            for (Posted one :
                    adapted.candidates().isEmpty() ? List.<Posted>of() : OtlpLogsTest.posted(encoding, body)) {
                if (one instanceof Posted.Valid valid) {
                    assertThat(EventCodec.decode(EventCodec.encode(valid.event())))
                            .isEqualTo(valid.event());
                    last = "accepted";
                } else if (one instanceof Posted.Invalid invalid) {
                    last = invalid.refusal().reason().code();
                }
            }
            return last;
        });

        assertThat(outcomes).containsKeys("accepted", "invalid_json", "invalid_value");
    }
}
