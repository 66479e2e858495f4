package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.Key;
import io.millrace.config.Settings;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IngestConfigTest {
    private static final Sha256 HASH = Sha256.of(new byte[] {1});

    @Test
    void isTheDocumentedDefault_whenNothingIsGiven() {
        IngestConfig config = read(Map.of());

        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().bodyBytes()).isEqualTo(1024 * 1024);
        assertThat(config.validation().eventBytes()).isEqualTo(32 * 1024);
        assertThat(config.access().writeKeys()).isEmpty();
        assertThat(config.processorReady()).isEmpty();
    }

    @Test
    void knowsEachWriteKeysSource() {
        Sha256 other = Sha256.of(new byte[] {2});

        IngestConfig config = read(Map.of("ingest.write-keys", "web=" + HASH + ", app=" + other));

        assertThat(config.access().writeKeys()).isEqualTo(Map.of(HASH, new Source("web"), other, new Source("app")));
    }

    @Test
    void tellsEverythingThatIsWrong_butNoSecret() {
        assertThatThrownBy(() -> read(Map.of(
                        "ingest.write-keys", "web=my-plain-key",
                        "ingest.jwt.secret", "short-secret",
                        "ingest.http.port", "99999",
                        "ingest.kafka.delivery-timeout", "5s",
                        "ingest.processor.ready-url", "ftp://x")))
                .hasMessageContaining("ingest.write-keys")
                .hasMessageContaining("ingest.jwt.secret")
                .hasMessageContaining("99999")
                .hasMessageContaining("ingest.kafka.delivery-timeout")
                .hasMessageContaining("ftp://x")
                .hasMessageNotContaining("my-plain-key")
                .hasMessageNotContaining("short-secret");
    }

    @Test
    void noKeyStandsTwice() {
        List<String> paths = IngestKeys.ALL.stream().<String>map(Key::path).toList();

        assertThat(paths).doesNotHaveDuplicates();
    }

    private static IngestConfig read(Map<String, String> flags) {
        Settings settings = Settings.gather(null, Map.of(), flags, IngestKeys.ALL);
        IngestConfig config = IngestConfig.from(settings);
        settings.check();
        return config;
    }
}
