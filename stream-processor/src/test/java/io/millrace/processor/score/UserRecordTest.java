package io.millrace.processor.score;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.Profile;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import io.millrace.processor.feature.StateVersionException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class UserRecordTest {
    private static final UserKey USER = new UserKey(new Source("web"), false, "u1");
    private static final byte[] STATE = {7, 8, 9};
    private static final byte[] NONE = {};
    private static final Profile PROFILE =
            new Profile(USER, JsonObject.of("{\"plan\":\"pro\"}"), Instant.ofEpochMilli(1_700_000_000_000L));

    @Test
    void comesBack_withProfile() {
        UserRecord record = UserRecord.decode(USER, UserRecord.encode(PROFILE, NONE, STATE));

        assertThat(record.profile()).isEqualTo(PROFILE);
        assertThat(state(record)).isEqualTo(STATE);
    }

    @Test
    void comesBack_withoutProfile() {
        UserRecord record = UserRecord.decode(USER, UserRecord.encode(null, NONE, STATE));

        assertThat(record.profile()).isNull();
        assertThat(state(record)).isEqualTo(STATE);
    }

    /** The bytes of release 0.1: every later release reads them. */
    @Test
    void readsVersion1_asItWasWritten() {
        byte[] written = HexFormat.of()
                .parseHex("01" + "0000000e" + "0000018bcfe56800"
                        + HexFormat.of().formatHex("{\"plan\":\"pro\"}".getBytes(UTF_8)) + "070809");

        UserRecord record = UserRecord.decode(USER, written);

        assertThat(record.profile()).isEqualTo(PROFILE);
        assertThat(state(record)).isEqualTo(STATE);
        assertThat(UserRecord.encode(PROFILE, NONE, STATE)).isEqualTo(written);
    }

    @Test
    void refusesClearly_whenBytesAreDamagedOrLater() {
        byte[] whole = UserRecord.encode(PROFILE, NONE, STATE);
        byte[] later = whole.clone();
        later[0] = 2;

        assertThatIllegalStateException().isThrownBy(() -> UserRecord.decode(USER, later));
        later[0] = 3;
        assertThatThrownBy(() -> UserRecord.decode(USER, later))
                .isInstanceOf(StateVersionException.class)
                .hasMessage("store users holds state of version 3: expected 2 or earlier; a later release wrote it, run"
                        + " that one");
        for (int length = 0; length < 10; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalStateException().isThrownBy(() -> UserRecord.decode(USER, cut));
        }
    }

    private static byte[] state(UserRecord record) {
        return Arrays.copyOfRange(record.bytes(), record.stateOffset(), record.stateOffset() + record.stateLength());
    }
}
