package io.millrace.ingest.authorize;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.WriteKey;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteKeysTest {
    private static final Sha256 CONFIGURED = Sha256.of("configured".getBytes(UTF_8));
    private static final Sha256 MADE = Sha256.of("made".getBytes(UTF_8));

    @Test
    void onlySource_isTheOneThatHasKeys_howeverMany() {
        WriteKeys keys = new WriteKeys(Map.of(CONFIGURED, new Source("web")));
        keys.accept(Map.of(MADE, key("web")));

        assertThat(keys.onlySource()).isEqualTo(new Source("web"));
    }

    @Test
    void onlySource_namesThem_whereThereAreSeveral() {
        WriteKeys keys = new WriteKeys(Map.of(CONFIGURED, new Source("web")));
        keys.accept(Map.of(MADE, key("app")));

        assertThatThrownBy(keys::onlySource)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("source: given none, expected one of app, web");
    }

    @Test
    void onlySource_isRefused_whereThereIsNone() {
        assertThatThrownBy(new WriteKeys(Map.of())::onlySource)
                .hasMessage("source: given none, expected the producer whose user it is");
    }

    private static WriteKey key(String source) {
        return new WriteKey(MADE, new Source(source), null, true, Instant.EPOCH, "test");
    }
}
