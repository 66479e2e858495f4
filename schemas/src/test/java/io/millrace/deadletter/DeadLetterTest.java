package io.millrace.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.DeadLetterCodec;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    /** A letter that its topic does not take ends the stream thread, again at each restart. */
    @Test
    void fitsIntoARecord_whateverWasRefused() throws Exception {
        int much = 900_000;
        DeadLetter letter = new DeadLetter(
                Reason.UNKNOWN_KIND,
                "kind \"" + "\u0000".repeat(much) + "\"",
                DeadLetter.Stage.DECODE,
                new DeadLetter.Origin("user-events", 0, 0),
                null,
                "i".repeat(much),
                "m".repeat(much),
                new byte[much],
                new byte[much],
                false,
                1,
                Instant.EPOCH,
                null);

        byte[] bytes = DeadLetterCodec.encode(letter);

        assertThat(bytes.length).isLessThan(128 * 1024);
        assertThat(letter.detail()).hasSize(DeadLetter.MAX_DETAIL).endsWith("…");
        assertThat(letter.key()).hasSize(DeadLetter.MAX_KEY);
        assertThat(letter.truncated()).isTrue();
        assertThat(DeadLetterCodec.decode(bytes)).isEqualTo(letter);
    }
}
