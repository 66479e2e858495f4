package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.contract.Examples.Example;
import io.millrace.deadletter.Reason;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What producers post, against the schema of a posted event; the door's own test reads the same files. */
class PublishExamplesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaChecker POSTED_EVENT = new SchemaChecker("posted-event");

    /** What a schema of one event cannot say: the rest is about bytes, text, size or the clock. */
    private static final Set<String> IN_THE_SCHEMA = Set.of(
            "not_an_object",
            "wrong_type",
            "missing_field",
            "too_long",
            "empty_text",
            "unknown_kind",
            "invalid_timestamp");

    static Stream<Example> valid() {
        return Examples.of("publish", "valid");
    }

    static Stream<Example> invalid() {
        return Examples.of("publish", "invalid").filter(example -> IN_THE_SCHEMA.contains(example.code()));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void validBody_hasValidEvents(Example example) throws Exception {
        List<JsonNode> events = events(example);

        assertThat(events).isNotEmpty();
        assertThat(events)
                .allSatisfy(event -> assertThat(POSTED_EVENT.problems(event)).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void invalidBody_hasAnInvalidEvent_whereASchemaCanSaySo(Example example) throws Exception {
        assertThat(events(example))
                .anySatisfy(event -> assertThat(POSTED_EVENT.problems(event)).isNotEmpty());
    }

    @Test
    void everyRefusalOfTheDoor_hasAnExample() {
        Set<String> ofTheDoor = new TreeSet<>();
        EnumSet.range(Reason.INVALID_JSON, Reason.EMPTY_BATCH).forEach(reason -> ofTheDoor.add(reason.code()));
        // Of other protocols alone: events that are posted have no field of which only some values are known but kind.
        ofTheDoor.remove(Reason.INVALID_VALUE.code());

        Set<String> shown = new TreeSet<>(
                Examples.of("publish", "invalid").map(Example::code).toList());

        assertThat(shown).isEqualTo(ofTheDoor);
    }

    private static List<JsonNode> events(Example example) throws IOException {
        try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(example.bytes())) {
            // An array's elements and a file's lines are the same to Jackson.
            return values.readAll();
        }
    }
}
