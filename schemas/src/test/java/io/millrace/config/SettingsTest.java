package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private enum Color {
        DARK_RED,
        BLUE
    }

    private static final Key<Integer> PORT = Key.integer("http.port", 8080, 0, 65_535, "Port.");
    private static final Key<Duration> WAIT = Key.duration("http.idle-wait", "5s", "How long.");
    private static final Key<Boolean> OPEN = Key.flag("http.open", false, "Whether.");
    private static final Key<Long> SIZE = Key.bytes("http.size", 1024, 1, 4096, "How big.");
    private static final Key<Color> COLOR = Key.choice("color", Color.BLUE, Color.class, "Which.");
    private static final Key<String> PASSWORD = Key.secret("password", "", "Secret.");
    private static final Key<Duration> SECRET_WAIT =
            new Key<>("secret.wait", "1s", "a duration", "A secret.", true, Key::parseDuration);
    private static final List<Key<?>> KNOWN = List.of(PORT, WAIT, OPEN, SIZE, COLOR, PASSWORD, SECRET_WAIT);

    private final Path folder;

    SettingsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void nothingGiven_givesDefaults() {
        Settings settings = Settings.gather(null, Map.of("HOME", "/root"), Map.of(), KNOWN);

        assertThat(settings.get(PORT)).isEqualTo(8080);
        assertThat(settings.get(WAIT)).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.get(OPEN)).isFalse();
        assertThat(settings.get(SIZE)).isEqualTo(1024L);
        assertThat(settings.get(COLOR)).isEqualTo(Color.BLUE);
        assertThat(settings.get(PASSWORD)).isEmpty();
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void flagWinsOverEnvironment_andEnvironmentOverFile_andFileOverDefault() throws Exception {
        Path file = file("""
                http:
                  port: 1
                  idle-wait: 1m
                  open: true
                color: dark-red
                """);
        Map<String, String> environment = Map.of("MILLRACE_HTTP_PORT", "2", "MILLRACE_HTTP_IDLE_WAIT", "2m");

        Settings settings = Settings.gather(file, environment, Map.of("http.port", "3"), KNOWN);

        assertThat(settings.get(PORT)).isEqualTo(3);
        assertThat(settings.get(WAIT)).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.get(OPEN)).isTrue();
        assertThat(settings.get(COLOR)).isEqualTo(Color.DARK_RED);
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void everythingWrong_isToldAtOnce_withPlaceValueAndExpectation() throws Exception {
        Path file = file("http: {port: 70000, prot: 1}\n");
        Map<String, String> environment = Map.of("MILLRACE_HTTP_OPEN", "maybe", "MILLRACE_COLOUR", "blue");

        Settings settings = Settings.gather(file, environment, Map.of("color", "green", "size", "1"), KNOWN);
        settings.get(PORT);
        settings.get(OPEN);
        settings.get(COLOR);
        settings.error("the world is wrong too");

        assertThatThrownBy(settings::check)
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.errors())
                                .containsExactly(
                                        "MILLRACE_COLOUR (environment): no such setting",
                                        "http.prot (file " + file + "): no such setting",
                                        "size (flag): no such setting",
                                        "http.port (file " + file
                                                + "): given \"70000\", expected a whole number from 0 to 65535",
                                        "http.open (environment MILLRACE_HTTP_OPEN): given \"maybe\", expected true or false",
                                        "color (flag): given \"green\", expected one of dark-red, blue",
                                        "the world is wrong too"));
    }

    @Test
    void wrongSecret_isNotShown() {
        Settings settings = Settings.gather(null, Map.of(), Map.of("secret.wait", "hunter2"), KNOWN);

        settings.get(SECRET_WAIT);

        assertThatThrownBy(settings::check).hasMessageContaining("secret.wait").hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- a\n- b\n", "just a text\n", "a: [1\n"})
    void fileThatIsNoTree_isAnError(String text) throws Exception {
        Settings settings = Settings.gather(file(text), Map.of(), Map.of(), KNOWN);

        assertThatThrownBy(settings::check).hasMessageContaining("settings.yaml");
    }

    @Test
    void fileThatIsNotThere_isAnError_andAnEmptyOneIsNone() throws Exception {
        Settings missing = Settings.gather(folder.resolve("none.yaml"), Map.of(), Map.of(), KNOWN);
        Settings empty = Settings.gather(file("# nothing\n"), Map.of(), Map.of(), KNOWN);

        assertThatThrownBy(missing::check).hasMessageContaining("none.yaml");
        assertThatCode(empty::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"250ms, PT0.25S", "5s, PT5S", "10m, PT10M", "24h, PT24H", "30d, PT720H", "PT1H30M, PT1H30M"})
    void duration_isReadInEveryForm(String text, Duration duration) {
        assertThat(Key.parseDuration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 s", "s", "-5s", "5w", "99999999999999999999s", "9223372036854775807d"})
    void duration_isRefused(String text) {
        assertThatThrownBy(() -> Key.parseDuration(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sharedKeys_haveReadableDefaults_andOnePathEach() {
        assertThat(SharedKeys.ALL).extracting(Key::path).doesNotHaveDuplicates();
        assertThat(SharedKeys.ALL).allSatisfy(key -> {
            key.parser().parse(key.fallback());
            assertThat(key.doc()).endsWith(".");
            assertThat(key.variable()).matches("MILLRACE_[A-Z0-9_]+");
        });
    }

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("settings.yaml"), text);
    }
}
