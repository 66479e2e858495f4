package io.millrace.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.Contract;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.Transform;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestCodecTest {
    private static final String LEAST = text("least");
    private static final String EVERY = text("every-feature");

    @Test
    void read_bindsEveryKindOfFeature() throws Exception {
        Manifest manifest = ManifestCodec.read(EVERY.getBytes(UTF_8));

        assertThat(manifest.model().toString()).isEqualTo("purchase-intent@2.1");
        assertThat(manifest.features())
                .hasSize(17)
                .contains(
                        new FeatureSpec.Count(
                                "views_30m",
                                List.of("product_viewed"),
                                Duration.ofMinutes(30),
                                Transform.LOG1P,
                                "events"),
                        new FeatureSpec.Aggregate(
                                "price_max_1h",
                                FeatureSpec.Aggregate.Function.MAX,
                                "price",
                                List.of(),
                                Duration.ofHours(1),
                                0,
                                null,
                                null),
                        new FeatureSpec.Property("is_added", "$name", "product_added", 0, null, null),
                        new FeatureSpec.Trait("age", "age", null, 40, null, "years"),
                        new FeatureSpec.Cyclic(
                                "weekday_cos", FeatureSpec.Cyclic.Cycle.WEEK, FeatureSpec.Cyclic.Part.COS),
                        new FeatureSpec.Vector("embedding", "embedding", 8));
        assertThat(Objects.requireNonNull(manifest.sequence()).width()).isEqualTo(3);
        assertThat(manifest.width()).isEqualTo(24);
        assertThat(manifest.threshold()).isEqualTo(0.35f);
        assertThat(Objects.requireNonNull(manifest.network()).scale()).containsExactly(1f, 0.7f);
    }

    @Test
    void read_fillsInWhatTheLeastManifestLeavesOut() throws Exception {
        Manifest manifest = ManifestCodec.read(LEAST.getBytes(UTF_8));

        assertThat(manifest.inputs()).containsExactly(Manifest.FEATURES);
        assertThat(manifest.selects().events()).isEmpty();
        assertThat(manifest.output().column()).isZero();
        assertThat(manifest.sequence()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"least", "every-feature", "outcome-and-reference"})
    void manifest_isTheSame_afterWritingAndReading(String example) throws Exception {
        Manifest manifest = ManifestCodec.read(text(example).getBytes(UTF_8));

        byte[] written = ManifestCodec.write(manifest);

        assertThat(ManifestCodec.read(written)).isEqualTo(manifest);
    }

    @Test
    void read_tellsAllProblemsAtOnce() {
        String broken = LEAST.replace("name: churn", "name: Churn Model")
                .replace("window: 1h", "window: soon")
                .replace("threshold: 0.5", "threshold: high");

        assertThatThrownBy(() -> ManifestCodec.read(broken.getBytes(UTF_8)))
                .isInstanceOf(DecodeException.class)
                .hasMessageContainingAll(
                        "/name \"Churn Model\":", "/features/0/window \"soon\":", "/threshold \"high\":")
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(3));
    }

    @ParameterizedTest
    @CsvSource({
        "'type: count, window: 1h', 'type: count, window: 1h, absnt: 3', absnt",
        "'type: count, window: 1h', 'type: median, window: 1h', type",
        "'window: 1h', 'window: 367d', expected PT1S to PT8784H",
        "'kind: torchscript', 'kind: djl', network",
        "'artifact: churn.pt', 'artifact: ../churn.pt', artifact",
        "'version: v1', 'version: 1.0', version",
        "'threshold: 0.5', 'threshold: 0.5\noutcome: {type: event}', outcome",
        "'threshold: 0.5', 'threshold: 0.5\noutcome: {type: absence, within: 91d}', expected PT1S to PT2160H",
        "'threshold: 0.5', 'threshold: 0.5\nreference: {examples: 9, score: {edges: [1], shares: [1]}}', one more share",
        "'threshold: 0.5', 'threshold: 1E2147483000', over 400 digits",
        "'threshold: 0.5', 'threshold: 1E-2147483000', over 400 digits",
    })
    void read_refuses_andSaysWhere(String good, String bad, String said) {
        assertThat(LEAST).contains(good);

        assertThatThrownBy(() -> ManifestCodec.read(LEAST.replace(good, bad).getBytes(UTF_8)))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining(said);
    }

    @Test
    void read_refusesAnInputThatTellsTheAnswer() {
        String leaking = text("../invalid/outcome-is-an-input");

        assertThatThrownBy(() -> ManifestCodec.read(leaking.getBytes(UTF_8)))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("isRobot");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "- a\n- b\n", "just text", "a: [1,", "\u0000"})
    void read_refusesWhatIsNoManifestAtAll(String yaml) {
        assertThatThrownBy(() -> ManifestCodec.read(yaml.getBytes(UTF_8))).isInstanceOf(DecodeException.class);
    }

    private static String text(String example) {
        return new String(Contract.file("examples/model/1.0/valid/" + example + ".yaml"), UTF_8);
    }
}
