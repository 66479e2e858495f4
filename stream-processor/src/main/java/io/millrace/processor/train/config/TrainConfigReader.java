package io.millrace.processor.train.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.codec.DecodeException;
import io.millrace.codec.ManifestCodec;
import io.millrace.identity.Source;
import io.millrace.model.Manifest;
import io.millrace.processor.model.FitSettings;
import io.millrace.processor.train.file.FileFormat;
import io.millrace.processor.train.file.FileShape;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a {@link TrainConfig}; all that is wrong in it is told at once. */
final class TrainConfigReader {
    private static final String UNKNOWN_SHA256 = "0".repeat(64);
    private static final String POSITIVE = "a positive number";

    private final YAMLMapper yaml = new YAMLMapper();
    private final List<String> problems = new ArrayList<>();

    static TrainConfig read(byte[] text, String origin) throws IOException {
        return new TrainConfigReader().config(text, origin);
    }

    private TrainConfig config(byte[] text, String origin) throws IOException {
        try {
            JsonNode tree = yaml.readTree(text);
            ConfigSection root = new ConfigSection("", tree, problems);
            FitSettings fit = fit(root.section("fit"));
            TrainConfig.Data data = data(root.section("data"));
            TrainConfig.Split split = split(root.section("split"));
            TrainConfig.Card card = card(root.section("card"));
            Manifest manifest = manifest(root.get("model"), fit);
            root.has("evaluate"); // for io.millrace.processor.evaluate
            root.noMore();
            if (!problems.isEmpty() || manifest == null) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
            return new TrainConfig(manifest, data, split, fit, card);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    origin + ", line " + e.getLocation().getLineNr() + ": expected YAML that says what to train", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(origin + ": " + e.getMessage(), e);
        }
    }

    private @Nullable Manifest manifest(@Nullable JsonNode model, FitSettings fit) throws IOException {
        if (!(model instanceof ObjectNode given)) {
            problems.add("model: given none, expected the model to be");
            return null;
        }
        ObjectNode tree = given.deepCopy();
        tree.put("kind", "djl")
                .put("artifact", TrainConfig.ARTIFACT)
                .put("sha256", UNKNOWN_SHA256)
                .put("threshold", 0.5);
        ObjectNode network = tree.putObject("network");
        empty(network).putArray("hidden");
        FitSettings.Recurrent recurrent = fit.recurrent();
        if (recurrent != null) {
            empty(network.putObject("recurrent"))
                    .put("cell", recurrent.cell().name().toLowerCase(Locale.ROOT))
                    .put("units", recurrent.units());
        }
        try {
            Manifest manifest = ManifestCodec.read(yaml.writeValueAsBytes(tree));
            if (manifest.outcome() == null) {
                problems.add("model.outcome: given none, expected what the model is to foresee");
            }
            return manifest;
        } catch (DecodeException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> problems.add("model: " + line));
            return null;
        }
    }

    private static ObjectNode empty(ObjectNode layer) {
        layer.putArray("mean");
        layer.putArray("scale");
        return layer;
    }

    private TrainConfig.Data data(ConfigSection data) {
        double sample = data.number("sample", 1, n -> n > 0 && n <= 1, "a share, more than 0 and at most 1");
        long limit = data.whole("limit", TrainConfig.Data.LIMIT, 1, "1 event or more");
        TopicRange topic = null;
        List<String> files = List.of();
        FileShape shape = FileShape.of(FileFormat.NDJSON);
        TrainConfig.Unreadable unreadable = TrainConfig.Unreadable.REFUSE;
        String source = "";
        if (data.has("topic")) {
            topic = topic(data);
        } else {
            files = data.texts("files", "the files to learn from, or a topic");
            source = data.text("source", "the source that the files' events are of");
            shape = ShapeReader.read(data, problems);
            unreadable = data.has("unreadable") ? unreadable(data) : unreadable;
        }
        data.noMore();
        return new TrainConfig.Data(
                files, shape, unreadable, new Source(source.isEmpty() ? "files" : source), sample, limit, topic);
    }

    private static TrainConfig.Unreadable unreadable(ConfigSection data) {
        String given = data.text("unreadable", "refuse or leave-out");
        for (TrainConfig.Unreadable known : TrainConfig.Unreadable.values()) {
            if (known.text().equals(given)) {
                return known;
            }
        }
        data.problem("unreadable", "\"" + given + "\"", "refuse or leave-out");
        return TrainConfig.Unreadable.REFUSE;
    }

    private static TopicRange topic(ConfigSection data) {
        return new TopicRange(
                data.text("topic", "the topic's name"),
                data.has("bootstrapServers") ? data.text("bootstrapServers", "host:port") : null,
                bound(data, "from"),
                bound(data, "to"),
                data.duration("lateness", Duration.ofHours(1)));
    }

    private static TopicRange.Bound bound(ConfigSection data, String key) {
        String expected = "a time with an offset, such as 2026-01-31T00:00:00Z, or an offset for each partition,"
                + " such as {0: 1000, 1: 990}";
        JsonNode value = data.get(key);
        if (value == null) {
            return new TopicRange.Bound.Edge();
        }
        Map<Integer, Long> offsets = new HashMap<>();
        try {
            if (!value.isObject()) {
                return new TopicRange.Bound.At(Instant.parse(value.asText()));
            }
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                if (!entry.getValue().isIntegralNumber()) {
                    data.problem(key, value.toString(), expected);
                }
                offsets.put(Integer.parseInt(entry.getKey()), entry.getValue().asLong());
            }
        } catch (DateTimeParseException | NumberFormatException e) {
            data.problem(key, value.toString(), expected);
        }
        return new TopicRange.Bound.Offsets(offsets);
    }

    private static TrainConfig.Split split(ConfigSection split) {
        double test = split.number("test", Double.NaN, n -> n > 0 && n < 1, "a share between 0 and 1");
        double validation = split.number("validation", 0, n -> n > 0 && n < 1, "a share between 0 and 1");
        long parts = split.whole("parts", 0, 2, "2 parts or more");
        boolean one = (parts == 0) != (validation == 0);
        if (!one) {
            split.problem("parts", parts + ", and validation " + validation, "one of the two");
        }
        split.noMore();
        return one && test + validation < 1
                ? new TrainConfig.Split(test, Math.toIntExact(parts), validation)
                : new TrainConfig.Split(0.5, 2);
    }

    private static FitSettings fit(ConfigSection fit) {
        List<Integer> hidden = new ArrayList<>();
        JsonNode layers = fit.get("hidden");
        if (layers != null && layers.isArray()) {
            layers.forEach(units -> hidden.add(units.asInt()));
        }
        if (layers != null && (!layers.isArray() || hidden.stream().anyMatch(units -> units < 1))) {
            fit.problem("hidden", layers.toString(), "units of each hidden layer, such as [16, 8], or []");
        }
        FitSettings settings = new FitSettings(
                fit.has("recurrent") ? recurrent(fit.section("recurrent")) : null,
                hidden,
                (float) fit.number("learningRate", 0.003, n -> n > 0, POSITIVE),
                (float) fit.number("weightDecay", 0, n -> n >= 0, "0 or a positive number"),
                (int) fit.whole("batch", 128, 1, "1 example or more"),
                (int) fit.whole("epochs", 100, 1, "1 or more"),
                (int) fit.whole("patience", 10, 1, "1 epoch or more"),
                (float) fit.number("positiveWeight", 1, n -> n > 0, POSITIVE),
                fit.whole("seed", 1, Long.MIN_VALUE, "a whole number"));
        fit.noMore();
        return settings;
    }

    private static FitSettings.Recurrent recurrent(ConfigSection recurrent) {
        long units = recurrent.whole("units", 16, 1, "1 unit or more");
        String name = recurrent.text("cell", "gru or lstm");
        Manifest.Recurrent.Cell cell = Manifest.Recurrent.Cell.GRU;
        for (Manifest.Recurrent.Cell known : Manifest.Recurrent.Cell.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(name)) {
                cell = known;
                name = "";
            }
        }
        if (!name.isEmpty()) {
            recurrent.problem("cell", "\"" + name + "\"", "gru or lstm");
        }
        recurrent.noMore();
        return new FitSettings.Recurrent(cell, Math.toIntExact(units));
    }

    private static TrainConfig.Card card(ConfigSection card) {
        TrainConfig.Card made = new TrainConfig.Card(
                card.text("purpose", "what the model is for"),
                card.texts("limits", "what the model is not good for"),
                card.text("command", "how it is trained again"));
        card.noMore();
        return made;
    }
}
