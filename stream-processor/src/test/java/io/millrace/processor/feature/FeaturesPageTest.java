package io.millrace.processor.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.ManifestCodec;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/features.md are one manifest that compiles, and no type of feature is missing. */
final class FeaturesPageTest {
    private static final Path PAGE = Path.of("..", "docs", "features.md");
    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final String HEAD = """
            name: page
            version: v1
            kind: torchscript
            artifact: model.pt
            sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
            inputs: [features, sequence]
            label: page
            threshold: 0.5
            provenance: {trainedOn: nothing, licence: Apache-2.0}
            """;

    @Test
    void everyExampleCompiles() throws Exception {
        StringBuilder features = new StringBuilder("features:\n");
        StringBuilder sequence = new StringBuilder("sequence:\n");
        Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
        while (blocks.find()) {
            StringBuilder part = blocks.group(1).startsWith("- ") ? features : sequence;
            part.append(blocks.group(1).indent(2));
        }

        Manifest manifest = ManifestCodec.read((HEAD + features + sequence).getBytes(StandardCharsets.UTF_8));

        assertThat(FeaturePlan.compile(List.of(manifest), Duration.ofHours(1)).readsTraits())
                .isTrue();
        assertThat(manifest.sequence()).isNotNull();
        assertThat(manifest.features())
                .extracting(feature -> (Object) feature.getClass())
                .containsAll(Arrays.asList((Object[]) FeatureSpec.class.getPermittedSubclasses()));
    }
}
