package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.codec.RecordHeaders;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.event.EventKind;
import io.millrace.prediction.Role;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void bundles_referToNothingOutside_andEveryReferenceResolves() throws Exception {
        for (byte[] bundle : List.of(Contract.openapi(), Contract.asyncapi())) {
            JsonNode document = yaml(bundle);
            List<String> references = document.findValuesAsText("$ref");

            assertThat(references).isNotEmpty().allSatisfy(reference -> {
                assertThat(reference).startsWith("#/");
                assertThat(document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse();
            });
        }
    }

    @Test
    void operations_haveAnIdAPermissionTagsAndProblems() throws Exception {
        JsonNode document = yaml(Contract.openapi());
        Map<String, JsonNode> operations = operations(document);

        assertThat(operations)
                .containsOnlyKeys(
                        "publishEvents",
                        "segmentIdentify",
                        "segmentTrack",
                        "segmentPage",
                        "segmentScreen",
                        "segmentGroup",
                        "segmentAlias",
                        "segmentBatch",
                        "segmentImport",
                        "segmentPixel",
                        "publishCloudEvents",
                        "validateWebhook",
                        "exportLogs",
                        "listPredictions",
                        "listUserPredictions",
                        "streamPredictions",
                        "getEvent",
                        "getUser",
                        "getModelQuality",
                        "explainPrediction",
                        "predict",
                        "listModels",
                        "getModel",
                        "registerModelVersion",
                        "deleteModelVersion",
                        "getDeployment",
                        "deployModel",
                        "rollbackModel",
                        "listDeadLetters",
                        "countDeadLetters",
                        "getDeadLetter",
                        "createSource",
                        "listSources",
                        "updateSource",
                        "revokeSource",
                        "getPipeline",
                        "eraseUser",
                        "getHealth",
                        "getReadiness",
                        "getMetrics",
                        "getOpenapi",
                        "getAsyncapi",
                        "getIndex",
                        "getDocs",
                        "getDocsFile");
        operations.forEach((id, operation) -> {
            boolean isPublic = operation.path("x-permission").asText().equals("public");
            assertThat(operation.path("x-permission").asText()).as(id).matches("public|[a-z]+:[a-z]+");
            assertThat(operation.path("tags")).as(id).hasSize(1);
            assertThat(operation.path("summary").asText()).as(id).isNotEmpty();
            assertThat(operation.path("security").isEmpty()).as(id).isEqualTo(isPublic);
            operation
                    .path("security")
                    .forEach(schemes -> schemes.fieldNames()
                            .forEachRemaining(scheme -> assertThat(document.at("/components/securitySchemes/" + scheme)
                                            .isMissingNode())
                                    .as(scheme)
                                    .isFalse()));
            assertThat(operation.path("responses").has("401")).as(id).isEqualTo(!isPublic);
        });
    }

    @Test
    void errors_areProblems() throws Exception {
        JsonNode document = yaml(Contract.openapi());

        operations(document)
                .forEach((id, operation) -> operation
                        .path("responses")
                        .properties()
                        .forEach(entry -> {
                            JsonNode response = resolve(document, entry.getValue());
                            boolean readiness = id.equals("getReadiness");
                            if (entry.getKey().compareTo("400") >= 0 && !readiness) {
                                assertThat(response.at("/content/application~1problem+json/schema/$ref")
                                                .asText())
                                        .as(id + " " + entry.getKey())
                                        .isEqualTo("#/components/schemas/Problem");
                            }
                            if (entry.getKey().matches("429|503") && !readiness) {
                                assertThat(response.path("headers").has("Retry-After"))
                                        .as(id + " " + entry.getKey())
                                        .isTrue();
                            }
                        }));
    }

    @Test
    void examplesInOpenapi_areWhatTheirSchemasSay() throws Exception {
        JsonNode publish = yaml(Contract.openapi()).at("/paths/~1v1~1events/post");
        SchemaChecker posted = new SchemaChecker("posted-event");
        SchemaChecker answer = new SchemaChecker("publish-answer");

        JsonNode body = publish.at("/requestBody/content/application~1json/examples");
        assertThat(posted.problems(body.at("/least/value"))).isEmpty();
        body.at("/batch/value")
                .forEach(event -> assertThat(posted.problems(event)).isEmpty());
        assertThat(answer.problems(publish.at("/responses/202/content/application~1json/examples/mixed/value")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event",
                "profile",
                "prediction",
                "dead-letter",
                "write-key",
                "model-quality",
                "deployment",
                "registered-version",
                "redrive",
                "model",
                "posted-event",
                "publish-answer",
                "problem"
            })
    void schemas_areSchemas(String record) throws Exception {
        JsonNode schema = JSON.readTree(Contract.schema(record));

        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(com.networknt.schema.SchemaLocation.of(
                                schema.path("$schema").asText()))
                        .validate(schema))
                .isEmpty();
        assertThat(schema.path("$id").asText()).isEqualTo("urn:millrace:schema:" + record + ":1.0");
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void topicInCode_isTheOneInAsyncapi(Topic topic) throws Exception {
        JsonNode document = yaml(Contract.asyncapi());
        List<JsonNode> channels = new ArrayList<>();
        document.path("channels").forEach(channels::add);

        JsonNode channel = channels.stream()
                .filter(one -> one.path("address").asText().equals(topic.topicName()))
                .findFirst()
                .orElseThrow();

        assertThat(channels).hasSameSizeAs(Topic.values());
        JsonNode kafka = channel.at("/bindings/kafka");
        Map<String, String> settings = new TreeMap<>();
        kafka.path("topicConfiguration")
                .properties()
                .forEach(entry -> settings.put(
                        entry.getKey(),
                        entry.getValue().isArray()
                                ? String.join(
                                        ",",
                                        entry.getValue()
                                                .valueStream()
                                                .map(JsonNode::asText)
                                                .toList())
                                : entry.getValue().asText()));
        assertThat(settings).isEqualTo(new TreeMap<>(topic.settings()));
        assertThat(kafka.path("topic").asText()).isEqualTo(topic.topicName());
        assertThat(kafka.path("partitions").asInt())
                .isEqualTo(
                        topic.partitions(Integer.parseInt(io.millrace.config.SharedKeys.TOPICS_PARTITIONS.fallback())));
    }

    @Test
    void headersInCode_areThoseInAsyncapi() throws Exception {
        Map<String, String> contentTypes = new TreeMap<>();
        yaml(Contract.asyncapi()).at("/components/messages").forEach(message -> {
            JsonNode headers = message.at("/headers/properties");
            String contentType =
                    headers.path(RecordHeaders.CONTENT_TYPE).path("const").asText();
            contentTypes.put(headers.path(RecordHeaders.SCHEMA).path("const").asText(), contentType);
            assertThat(message.path("contentType").asText()).isEqualTo(contentType);
            assertThat(headers.has(RecordHeaders.TRACEPARENT)).isTrue();
        });

        assertThat(contentTypes)
                .isEqualTo(Arrays.stream(RecordHeaders.Schema.values())
                        .collect(Collectors.toMap(
                                RecordHeaders.Schema::text,
                                RecordHeaders.Schema::contentType,
                                (a, b) -> a,
                                TreeMap::new)));
    }

    @Test
    void enumsInCode_areThoseInTheSchemas() throws Exception {
        assertThat(values("dead-letter", "/properties/reason/enum"))
                .isEqualTo(Stream.of(Reason.values()).map(Reason::code).toList());
        assertThat(values("dead-letter", "/properties/stage/enum"))
                .isEqualTo(Stream.of(DeadLetter.Stage.values())
                        .map(DeadLetter.Stage::text)
                        .toList());
        assertThat(values("event", "/properties/kind/enum"))
                .isEqualTo(Stream.of(EventKind.values()).map(EventKind::text).toList());
        assertThat(values("prediction", "/properties/role/enum"))
                .isEqualTo(Stream.of(Role.values()).map(Role::text).toList());
    }

    private static List<String> values(String record, String pointer) throws IOException {
        List<String> values = new ArrayList<>();
        JSON.readTree(Contract.schema(record)).at(pointer).forEach(value -> values.add(value.asText()));
        return values;
    }

    private static Map<String, JsonNode> operations(JsonNode document) {
        Map<String, JsonNode> operations = new TreeMap<>();
        document.path("paths")
                .forEach(path -> path.forEach(operation -> assertThat(
                                operations.put(operation.path("operationId").asText(), operation))
                        .as("operationId stands twice")
                        .isNull()));
        return operations;
    }

    private static JsonNode resolve(JsonNode document, JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static JsonNode yaml(byte[] bytes) throws IOException {
        return new YAMLMapper().readTree(bytes);
    }
}
