package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.Key;
import io.millrace.config.Settings;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.ingest.authorize.TokenAlgorithm;
import java.util.HashMap;
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
    void listensToOthers_onlyProtectedOrWhenToldSo() {
        String random = "kX9#vT2$mQ7@wL4!pR8%zN3^bH6&cJ1*";
        assertThatThrownBy(() -> read(Map.of("ingest.http.host", "0.0.0.0")))
                .hasMessageContaining("in the clear")
                .hasMessageContaining("network.allow-insecure");
        assertThatThrownBy(() -> read(Map.of("ingest.http.host", "::"))).hasMessageContaining("in the clear");
        assertThatThrownBy(() -> read(Map.of("ingest.mqtt.enabled", "true", "ingest.mqtt.host", "0.0.0.0")))
                .hasMessageContaining("ingest.mqtt.host")
                .hasMessageContaining("in the clear");
        assertThat(read(Map.of("ingest.mqtt.host", "0.0.0.0")).mqtt()).isEmpty();
        assertThatThrownBy(() -> read(Map.of("ingest.mqtt.topics", "a/{what}")))
                .hasMessageContaining("ingest.mqtt.topics")
                .hasMessageContaining("patterns such as");
        Map<String, String> tls = Map.of(
                "ingest.http.host", "0.0.0.0",
                "ingest.http.tls.certificate", "door.crt",
                "ingest.http.tls.key", "door.key");
        for (String weak : List.of(
                "your-256-bit-secret-your-256-bit-secret",
                "a".repeat(64),
                "0123456701234567012345670123456701234567")) {
            Map<String, String> guessable = new HashMap<>(tls);
            guessable.put("ingest.jwt.secret", weak);
            assertThatThrownBy(() -> read(guessable))
                    .hasMessageContaining("easily guessed")
                    .hasMessageNotContaining(weak);
            guessable.put("network.allow-insecure", "true");
            read(guessable);
        }
        Map<String, String> good = new HashMap<>(tls);
        good.put("ingest.jwt.secret", random);
        assertThat(read(good).http().tls()).isPresent();
        read(Map.of("ingest.http.host", "0.0.0.0", "network.allow-insecure", "true"));
        read(Map.of("ingest.http.host", "localhost"));
        read(Map.of("ingest.http.host", "::1"));
    }

    @Test
    void takesOnlySignaturesThatItCanCheck() {
        String secret = "kX9#vT2$mQ7@wL4!pR8%zN3^bH6&cJ1*";
        assertThat(read(Map.of("ingest.jwt.secret", secret)).access().tokens().algorithms())
                .containsExactly(TokenAlgorithm.HS256);
        assertThat(read(Map.of("ingest.jwt.keys-url", "https://issuer.example/keys"))
                        .access()
                        .tokens()
                        .algorithms())
                .containsExactlyInAnyOrder(TokenAlgorithm.RS256, TokenAlgorithm.ES256);
        assertThat(read(Map.of()).access().tokens().algorithms()).isEmpty();
        assertThatThrownBy(() -> read(Map.of("ingest.jwt.secret", secret, "ingest.jwt.algorithms", "HS256,RS256")))
                .hasMessageContaining("ingest.jwt.keys-url");
        assertThatThrownBy(() -> read(Map.of("ingest.jwt.secret", secret, "ingest.jwt.algorithms", "HS512")))
                .hasMessageContaining("64");
        assertThatThrownBy(() -> read(Map.of("ingest.jwt.algorithms", "none"))).hasMessageContaining("EDDSA");
        for (String url : List.of("http://issuer.example/keys", "file:///etc/passwd", "issuer", "ht tp://x")) {
            assertThatThrownBy(() -> read(Map.of("ingest.jwt.keys-url", url)))
                    .hasMessageContaining("ingest.jwt.keys-url");
        }
        read(Map.of("ingest.jwt.keys-url", "http://127.0.0.1:8999/keys"));
    }

    @Test
    void noSecretIsInATextOfTheConfiguration() {
        String secret = "kX9#vT2$mQ7@wL4!pR8%zN3^bH6&cJ1*";

        assertThat(read(Map.of(
                                "ingest.jwt.secret",
                                secret,
                                "postgres.password",
                                "distinctive-password",
                                "ingest.write-keys",
                                "web=" + HASH))
                        .toString())
                .doesNotContain(secret)
                .doesNotContain("distinctive-password")
                .doesNotContain(HASH.hex());
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
