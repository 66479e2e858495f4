package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.contract.Examples;
import io.millrace.contract.Examples.Example;
import io.millrace.contract.SchemaChecker;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of every version is read by the real codec and checked against its schema: the two say the same. */
class ExamplesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What no schema of parsed JSON can say. */
    private static final Set<String> BEYOND_A_SCHEMA = Set.of("invalid_json", "too_deep", "invalid_character");

    /** Reads and writes one record. */
    @FunctionalInterface
    private interface Codec {
        byte[] rewrite(byte[] bytes) throws DecodeException;
    }

    private record Kind(String name, Codec codec, SchemaChecker schema) {
        Kind(String name, Codec codec) {
            this(name, codec, new SchemaChecker(name));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("event", bytes -> EventCodec.encode(EventCodec.decode(bytes))),
            new Kind("profile", bytes -> ProfileCodec.encode(ProfileCodec.decode(bytes))),
            new Kind("prediction", bytes -> PredictionCodec.encode(PredictionCodec.decode(bytes))),
            new Kind("dead-letter", bytes -> DeadLetterCodec.encode(DeadLetterCodec.decode(bytes))),
            new Kind("write-key", bytes -> WriteKeyCodec.encode(WriteKeyCodec.decode(bytes))),
            new Kind("model-quality", bytes -> QualityCodec.encode(QualityCodec.decode(bytes))),
            new Kind("erasure", bytes -> ErasureCodec.encode(ErasureCodec.decode(bytes))),
            new Kind("pipeline", bytes -> PipelineCodec.encode(PipelineCodec.decode(bytes))),
            new Kind("redrive", bytes -> RedriveCodec.encode(RedriveCodec.decode(bytes))),
            new Kind("deployment", bytes -> DeploymentCodec.encode(DeploymentCodec.decode(bytes))),
            new Kind(
                    "registered-version",
                    bytes -> RegisteredVersionCodec.encode(RegisteredVersionCodec.decode(bytes))));

    static Stream<Arguments> valid() {
        return examples("valid");
    }

    static Stream<Arguments> invalid() {
        return examples("invalid");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void validExample_isReadAndWritten_asItsSchemaSays(Kind kind, Example example) throws Exception {
        byte[] written = kind.codec().rewrite(example.bytes());

        JsonNode before = JSON.readTree(example.bytes());
        JsonNode after = JSON.readTree(written);
        assertThat(kind.schema().problems(before)).isEmpty();
        assertThat(kind.schema().problems(after)).isEmpty();
        // Fields of a later version are ignored; none is changed or made up, but attempts and truncated have defaults.
        after.properties()
                .forEach(field -> assertThat(field.getValue().toString())
                        .as(field.getKey())
                        .isEqualTo(before.path(field.getKey()).toString()));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void invalidExample_isRefused_forTheReasonInItsName(Kind kind, Example example) throws Exception {
        assertThatThrownBy(() -> kind.codec().rewrite(example.bytes()))
                .isInstanceOfSatisfying(
                        DecodeException.class,
                        e -> assertThat(e.reason().code()).as(e.getMessage()).isEqualTo(example.code()));

        if (!BEYOND_A_SCHEMA.contains(example.code())) {
            assertThat(kind.schema().problems(JSON.readTree(example.bytes()))).isNotEmpty();
        }
    }

    private static Stream<Arguments> examples(String verdict) {
        return KINDS.stream()
                .flatMap(kind -> Examples.of(kind.name(), verdict).map(example -> Arguments.of(kind, example)));
    }
}
