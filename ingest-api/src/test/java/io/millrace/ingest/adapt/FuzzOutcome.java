package io.millrace.ingest.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.ingest.validate.Posted;
import java.util.List;

/** What became of a body that was made up. */
public final class FuzzOutcome {
    private FuzzOutcome() {}

    /** Of the last event: accepted, and then the processor can read it, or the reason it was refused for. */
    public static String of(List<Posted> posted) throws DecodeException {
        String last = "nothing";
        for (Posted one : posted) {
            if (one instanceof Posted.Valid valid) {
                assertThat(EventCodec.decode(EventCodec.encode(valid.event()))).isEqualTo(valid.event());
                last = "accepted";
            } else if (one instanceof Posted.Invalid invalid) {
                last = invalid.refusal().reason().code();
            }
        }
        return last;
    }
}
