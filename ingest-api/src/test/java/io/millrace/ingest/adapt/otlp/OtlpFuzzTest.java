package io.millrace.ingest.adapt.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.fuzz.BadInput;
import io.millrace.fuzz.FuzzRun;
import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.adapt.FuzzOutcome;
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
            Adapted adapted = new OtlpLogs(encoding, OtlpLogsTest.LIMITS).read(body);
            return FuzzOutcome.of(adapted.candidates().isEmpty() ? List.of() : OtlpLogsTest.posted(encoding, body));
        });

        assertThat(outcomes).containsKeys("accepted", "invalid_json", "invalid_value");
    }
}
