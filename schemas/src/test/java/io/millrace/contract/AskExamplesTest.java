package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.contract.Examples.Example;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of what is asked of the processor through the door, and of its answers, against their schemas. */
class AskExamplesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> examples() {
        return Stream.of("predict-question", "predict-answer", "user")
                .flatMap(record -> Stream.of("valid", "invalid")
                        .flatMap(verdict -> Examples.of(record, verdict)
                                .map(example -> Arguments.of(record, verdict.equals("valid"), example))));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void example_isWhatItsFolderSays(String record, boolean isValid, Example example) throws Exception {
        assertThat(new SchemaChecker(record)
                        .problems(JSON.readTree(example.bytes()))
                        .isEmpty())
                .isEqualTo(isValid);
    }
}
