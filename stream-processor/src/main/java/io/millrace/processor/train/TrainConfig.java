package io.millrace.processor.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.codec.DecodeException;
import io.millrace.codec.ManifestCodec;
import io.millrace.config.Key;
import io.millrace.identity.Source;
import io.millrace.model.Manifest;
import io.millrace.processor.model.FitSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What to train: a YAML file that is read beside a model's own files.
 *
 * @param manifest the model to be, with its features; artifact, network and threshold are still to come
 * @param data what to learn from
 * @param target what makes an example positive
 * @param split of the examples
 * @param fit of the network
 * @param card what the model card says beside the figures
 */
record TrainConfig(Manifest manifest, Data data, Target target, Split split, FitSettings fit, Card card) {
    static final String ARTIFACT = "model.params";
    private static final String UNKNOWN_SHA256 = "0".repeat(64);

    /**
     * Event files of one format, relative to a data folder, as of one source.
     *
     * @param sample share of the users whose events are taken, 1 for all
     */
    record Data(List<String> files, FileFormat format, Source source, double sample) {
        Data {
            files = List.copyOf(files);
            if (!(sample > 0 && sample <= 1)) {
                throw new IllegalArgumentException("data.sample " + sample + ": expected more than 0, at most 1");
            }
        }
    }

    /** Positive is an example whose user does {@code event} strictly later than it, and at most {@code within} later. */
    record Target(String event, Duration within) {}

    /**
     * How the examples are split.
     *
     * @param test share of the examples, the latest ones
     * @param parts for cross-validation, of the users before
     */
    record Split(double test, int parts) {
        Split {
            if (!(test > 0 && test < 1) || parts < 2) {
                throw new IllegalArgumentException("split.test " + test + ", split.parts " + parts
                        + ": expected a share between 0 and 1, and 2 parts or more");
            }
        }
    }

    /** Sentences for the model card. */
    record Card(String purpose, List<String> limits, String command) {
        Card {
            limits = List.copyOf(limits);
        }
    }

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException if something is missing or wrong in it, saying what
     */
    static TrainConfig read(Path file) throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        // Read apart from parsed: a file that is not there says so by its own exception.
        byte[] text = Files.readAllBytes(file);
        try {
            JsonNode tree = yaml.readTree(text);
            return new TrainConfig(
                    manifest(yaml, child(tree, "model")),
                    data(child(tree, "data")),
                    new Target(
                            text(child(tree, "target"), "event"),
                            Key.parseDuration(text(child(tree, "target"), "within"))),
                    new Split(
                            child(child(tree, "split"), "test").asDouble(),
                            child(child(tree, "split"), "parts").asInt()),
                    yaml.treeToValue(child(tree, "fit"), FitSettings.class),
                    new Card(
                            text(child(tree, "card"), "purpose"),
                            texts(child(tree, "card"), "limits"),
                            text(child(tree, "card"), "command")));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + ", line " + e.getLocation().getLineNr() + ": expected YAML that says what to train", e);
        } catch (DecodeException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static Manifest manifest(YAMLMapper yaml, JsonNode model) throws IOException, DecodeException {
        ObjectNode tree = model.deepCopy();
        tree.put("kind", "djl")
                .put("artifact", ARTIFACT)
                .put("sha256", UNKNOWN_SHA256)
                .put("threshold", 0.5);
        ObjectNode network = tree.putObject("network");
        network.putArray("hidden");
        network.putArray("mean");
        network.putArray("scale");
        return ManifestCodec.read(yaml.writeValueAsBytes(tree));
    }

    private static Data data(JsonNode data) {
        return new Data(
                texts(data, "files"),
                FileFormat.parse(text(data, "format")),
                new Source(text(data, "source")),
                data.path("sample").asDouble(1));
    }

    private static JsonNode child(JsonNode node, String field) {
        JsonNode child = node.get(field);
        if (child == null) {
            throw new IllegalArgumentException("expected " + field);
        }
        return child;
    }

    private static String text(JsonNode node, String field) {
        return Objects.requireNonNull(child(node, field).asText());
    }

    private static List<String> texts(JsonNode node, String field) {
        List<String> texts = new ArrayList<>();
        child(node, field).forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
