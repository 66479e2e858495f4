package io.millrace.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The contracts at the top of the schemas module, packed with the program: what the door serves, binds to and checks against.
 *
 * <p>In the repository openapi.yaml and asyncapi.yaml refer to json/*.schema.json, so that each record is described once. A
 * client that fetched one of them over HTTP could not follow that, so here they come with the schemas inside.
 */
public final class Contract {
    private static final Pattern SCHEMA_FILE = Pattern.compile("\\./json/([a-z-]+)\\.schema\\.json");
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private Contract() {}

    /** openapi.yaml, whole: no reference leads out of it. Parses it anew at each call; keep the result. */
    public static byte[] openapi() {
        return bundle("openapi.yaml");
    }

    /** asyncapi.yaml, whole: no reference leads out of it. Parses it anew at each call; keep the result. */
    public static byte[] asyncapi() {
        return bundle("asyncapi.yaml");
    }

    /** The JSON Schema of a record, such as {@code event}. */
    public static byte[] schema(String record) {
        return file("json/" + record + ".schema.json");
    }

    /** The class path address of a record's JSON Schema, as a validator resolves it. */
    public static String schemaLocation(String record) {
        return "classpath:io/millrace/contract/json/" + record + ".schema.json";
    }

    /**
     * A packed file as it is.
     *
     * @param path below the schemas module, such as {@code examples/event/1.0/valid/track.json}
     * @throws IllegalArgumentException if there is none
     */
    public static byte[] file(String path) {
        try (InputStream stream = Contract.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalArgumentException("no contract file " + path);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("contract file " + path + " cannot be read", e);
        }
    }

    private static byte[] bundle(String path) {
        try {
            ObjectNode document = (ObjectNode) YAML.readTree(file(path));
            for (JsonNode reference : document.findParents("$ref")) {
                Matcher file = SCHEMA_FILE.matcher(reference.get("$ref").asText());
                if (file.matches()) {
                    String name = componentName(file.group(1));
                    ((ObjectNode) reference).put("$ref", "#/components/schemas/" + name);
                    ObjectNode schema = (ObjectNode) JSON.readTree(schema(file.group(1)));
                    // A base address of its own would turn the references of the document around it.
                    schema.remove(List.of("$schema", "$id"));
                    document.withObject("/components/schemas").set(name, schema);
                }
            }
            return YAML.writeValueAsBytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " is no YAML", e);
        }
    }

    private static String componentName(String record) {
        StringBuilder name = new StringBuilder();
        for (String word : record.split("-", -1)) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
        }
        return name.toString();
    }
}
