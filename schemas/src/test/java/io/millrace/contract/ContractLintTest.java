package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.contract.Openapi.Operation;
import io.millrace.contract.Openapi.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules that openapi.yaml keeps beside OpenAPI's own, which the generator of clients checks. */
class ContractLintTest {
    private static final Openapi OPENAPI = Openapi.ofContract();
    private static final Map<String, Operation> OPERATIONS = OPENAPI.operations();
    private static final Place ROOT = OPENAPI.at("");
    private static final Pattern IN_BRACES = Pattern.compile("\\{([^}]+)}");

    @Test
    void operations_areNamedTaggedAndSummedUp() {
        Set<String> tags = new TreeSet<>(ROOT.node().path("tags").findValuesAsText("name"));

        OPERATIONS.forEach((id, operation) -> {
            JsonNode node = operation.place().node();
            assertThat(id).matches("[a-z]+([A-Z][A-Za-z]*)*");
            assertThat(node.path("summary").asText()).as(id).matches(".{5,80}[^.]");
            assertThat(tags).as(id).contains(node.path("tags").path(0).asText());
            assertThat(node.has("security")).as(id + ": who may call it").isTrue();
        });
    }

    @Test
    void parameters_areDescribedBySchemas_andThoseOfPathsStandInThem() {
        OPERATIONS.forEach((id, operation) -> {
            Set<String> inPath = new TreeSet<>();
            Place parameters = OPENAPI.at(operation.place(), "parameters");
            for (int i = 0; i < parameters.node().size(); i++) {
                JsonNode parameter = OPENAPI.at(parameters, i).node();
                String name = id + " " + parameter.path("name").asText();
                assertThat(parameter.path("schema").has("type")).as(name).isTrue();
                assertThat(parameter.path("in").asText()).as(name).isIn("path", "query", "header");
                if (parameter.path("in").asText().equals("path")) {
                    inPath.add(parameter.path("name").asText());
                    assertThat(parameter.path("required").asBoolean()).as(name).isTrue();
                }
            }
            Matcher matcher = IN_BRACES.matcher(operation.path());
            assertThat(matcher.results().map(result -> result.group(1)).toList())
                    .as(id)
                    .containsExactlyInAnyOrderElementsOf(inPath);
        });
    }

    @Test
    void operations_sayEveryErrorThatTheDoorCanGive() {
        OPERATIONS.forEach((id, operation) -> {
            JsonNode node = operation.place().node();
            List<String> statuses = new ArrayList<>(List.of("400", "500"));
            if (!node.path("x-permission").asText().equals("public")) {
                statuses.addAll(List.of("401", "403"));
            }
            if (node.has("requestBody")) {
                statuses.addAll(List.of("413", "415", "429"));
                // SDKs drop their events on a 408: they are told 503 instead.
                statuses.add(node.has("x-sdk") ? "503" : "408");
            }
            assertThat(node.path("responses").properties().stream().map(Map.Entry::getKey))
                    .as(id)
                    .containsAll(statuses)
                    .anyMatch(status -> status.startsWith("2"));
        });
    }

    @Test
    void responses_haveADescription_andASchemaForEachContent() {
        OPERATIONS.forEach((id, operation) -> {
            Place responses = OPENAPI.at(operation.place(), "responses");
            responses.node().fieldNames().forEachRemaining(status -> {
                JsonNode response = OPENAPI.at(responses, status).node();
                assertThat(response.path("description").asText())
                        .as(id + " " + status)
                        .isNotEmpty();
                response.path("content")
                        .properties()
                        .forEach(content -> assertThat(content.getValue().has("schema"))
                                .as(id + " " + status + " " + content.getKey())
                                .isTrue());
            });
        });
    }

    @Test
    void schemas_areSchemas_andExamplesAreWhatTheySay() {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        ROOT.node()
                .at("/components/schemas")
                .properties()
                .forEach(schema -> assertThat(
                                registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
                                        .validate(schema.getValue()))
                        .as(schema.getKey())
                        .isEmpty());
        checkExamples(ROOT);
    }

    /** Whatever has examples, wherever it stands. */
    private static void checkExamples(Place place) {
        if (place.node().has("schema") && place.node().has("examples")) {
            SchemaRule rule = OPENAPI.schema(OPENAPI.at(place, "schema"));
            place.node()
                    .path("examples")
                    .properties()
                    .forEach(example -> assertThat(rule.check(example.getValue().path("value")))
                            .as(place.pointer() + " " + example.getKey())
                            .isEmpty());
        }
        for (Map.Entry<String, JsonNode> field : place.node().properties()) {
            if (field.getValue().isContainerNode() && !field.getValue().has("$ref")) {
                checkExamples(OPENAPI.at(place, field.getKey()));
            }
        }
    }

    @Test
    void components_areUsed() {
        Set<String> used = new TreeSet<>(ROOT.node().findValuesAsText("$ref"));

        for (String kind : List.of("parameters", "headers", "responses", "schemas")) {
            ROOT.node()
                    .at("/components/" + kind)
                    .fieldNames()
                    .forEachRemaining(name -> assertThat(used).contains("#/components/" + kind + "/" + name));
        }
    }
}
