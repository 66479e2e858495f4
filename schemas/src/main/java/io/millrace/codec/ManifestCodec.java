package io.millrace.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.millrace.config.Key;
import io.millrace.contract.Contract;
import io.millrace.deadletter.Reason;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A model's manifest, model.yaml. It is checked against json/model.schema.json first, which finds all that is wrong at once,
 * and then bound; the records check what a schema cannot say. In the file name and version stand at the top; durations are
 * written 30m, 24h, 7d.
 */
public final class ManifestCodec {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .addModule(types())
            .build();

    /** More than the greatest and the least double have. */
    private static final int MOST_DIGITS = 400;

    private ManifestCodec() {}

    /**
     * Reads a manifest.
     *
     * @throws DecodeException if it is none; the message has one line for each problem, and does not name the file
     */
    public static Manifest read(byte[] yaml) throws DecodeException {
        try {
            JsonNode tree = YAML.readTree(yaml);
            requireUsualNumbers(tree);
            List<String> problems = problems(tree);
            if (!problems.isEmpty()) {
                throw new DecodeException(Reason.UNDECODABLE, String.join("\n", problems));
            }
            return YAML.treeToValue(completed((ObjectNode) tree), Manifest.class);
        } catch (IOException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            String message = cause instanceof JacksonException json ? json.getOriginalMessage() : cause.getMessage();
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(message));
        }
    }

    public static byte[] write(Manifest manifest) {
        ObjectNode tree = YAML.valueToTree(manifest);
        ModelVersion model = manifest.model();
        ObjectNode file = YAML.createObjectNode().put("name", model.name()).put("version", model.version());
        tree.remove("model");
        file.setAll(tree);
        try {
            return YAML.writeValueAsBytes(file);
        } catch (JacksonException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** Who validates writes numbers out in full: 1e2000000000 would be two billion digits. */
    private static void requireUsualNumbers(JsonNode node) throws DecodeException {
        if (node.isBigDecimal()
                && Math.abs((long) node.decimalValue().precision()
                                - node.decimalValue().scale())
                        > MOST_DIGITS) {
            throw new DecodeException(
                    Reason.UNDECODABLE,
                    "a number has over " + MOST_DIGITS + " digits: expected one that a double holds");
        }
        for (JsonNode child : node) {
            requireUsualNumbers(child);
        }
    }

    private static List<String> problems(JsonNode tree) {
        return SchemaHolder.MANIFEST.validate(tree).stream()
                .map(problem -> {
                    String at = problem.getInstanceLocation().toString();
                    JsonNode given = problem.getInstanceNode();
                    if (at.isEmpty()) {
                        return problem.getMessage();
                    }
                    return at
                            + (given != null && given.isValueNode() ? " \"" + given.asText() + "\": " : ": ")
                            + problem.getMessage();
                })
                .toList();
    }

    /** Puts in what a file may leave out. */
    private static ObjectNode completed(ObjectNode file) {
        ObjectNode tree = file.deepCopy();
        tree.putObject("model").<ObjectNode>set("name", tree.remove("name")).set("version", tree.remove("version"));
        tree.withObjectProperty("selects");
        tree.withObjectProperty("output");
        tree.withArrayProperty(Manifest.FEATURES);
        if (!tree.has("inputs")) {
            ArrayNode inputs = tree.putArray("inputs");
            if (!tree.get(Manifest.FEATURES).isEmpty()) {
                inputs.add(Manifest.FEATURES);
            }
            if (tree.has(Manifest.SEQUENCE)) {
                inputs.add(Manifest.SEQUENCE);
            }
        }
        return tree;
    }

    private static SimpleModule types() {
        return new SimpleModule("millrace-manifest")
                .addDeserializer(Duration.class, new JsonDeserializer<>() {
                    @Override
                    public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                        return Key.parseDuration(parser.getText());
                    }
                })
                .addSerializer(Duration.class, new JsonSerializer<>() {
                    @Override
                    public void serialize(Duration value, JsonGenerator json, SerializerProvider provider)
                            throws IOException {
                        json.writeString(text(value));
                    }
                })
                .addDeserializer(Sha256.class, new JsonDeserializer<>() {
                    @Override
                    public Sha256 deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                        return new Sha256(parser.getText());
                    }
                })
                .addSerializer(Sha256.class, new JsonSerializer<>() {
                    @Override
                    public void serialize(Sha256 value, JsonGenerator json, SerializerProvider provider)
                            throws IOException {
                        json.writeString(value.hex());
                    }
                });
    }

    private static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 86_400_000 == 0) {
            return duration.toDays() + "d";
        } else if (millis % 3_600_000 == 0) {
            return duration.toHours() + "h";
        } else if (millis % 60_000 == 0) {
            return duration.toMinutes() + "m";
        }
        return millis % 1_000 == 0 ? duration.toSeconds() + "s" : millis + "ms";
    }

    /** Compiled when the first manifest is read: a process that reads none does not pay for it. */
    private static final class SchemaHolder {
        // Messages in the language of the rest of the log, whatever the machine's.
        private static final Schema MANIFEST = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        registry -> registry.schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .locale(Locale.ENGLISH)
                                .build()))
                .getSchema(SchemaLocation.of(Contract.schemaLocation("model")));
    }
}
