package io.millrace.codec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.deadletter.Reason;
import io.millrace.identity.ModelVersion;
import io.millrace.model.Reference;
import io.millrace.prediction.Role;
import io.millrace.quality.QualityCounts;
import io.millrace.quality.QualityCounts.Total;
import io.millrace.quality.QualityRecord;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Quality counts on model-quality and in the store, as json/model-quality.schema.json says. Histograms of many bins are
 * written as pairs of bin and count. One a model and some seconds: made of trees, for the sake of being read.
 */
public final class QualityCodec {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private QualityCodec() {}

    public static byte[] encode(QualityRecord record) {
        QualityCounts counts = record.counts();
        long[][] arrays = counts.arrays();
        ObjectNode json = JSON.createObjectNode()
                .put("model", record.model().name())
                .put("version", record.model().version())
                .put("role", record.role().text());
        QualityRecord.Window window = record.window();
        if (window != null) {
            json.putObject("window")
                    .put("start", Timestamps.format(window.start()))
                    .put("seconds", window.length().toSeconds());
        }
        json.put("partition", record.partition()).put("label", record.label()).put("threshold", record.threshold());
        ObjectNode totals = json.putObject("totals");
        for (Total total : Total.values()) {
            totals.put(name(total), counts.total(total));
        }
        pairs(json.putArray("positives"), arrays[1]);
        pairs(json.putArray("negatives"), arrays[2]);
        ObjectNode calibration = json.putObject("calibration");
        all(calibration.putArray("positives"), arrays[3]);
        all(calibration.putArray("negatives"), arrays[4]);
        all(calibration.putArray("scores"), arrays[5]);
        Reference reference = record.reference();
        if (reference != null) {
            all(json.putArray("scores"), arrays[6]);
            ObjectNode features = json.putObject("features");
            int at = 7;
            for (String feature : reference.features().keySet()) {
                all(features.putArray(feature), arrays[at++]);
            }
            json.set("reference", reference(reference));
        }
        json.put("updatedAt", Timestamps.format(record.updatedAt()));
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JacksonException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /**
     * Reads a record.
     *
     * @throws DecodeException if the bytes are none
     */
    public static QualityRecord decode(byte[] bytes) throws DecodeException {
        try {
            JsonNode json = JSON.readTree(bytes);
            if (!json.isObject()) {
                throw new DecodeException(Reason.NOT_AN_OBJECT, "expected a JSON object");
            }
            return read(json);
        } catch (IOException e) {
            throw RecordReader.malformed(e);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }

    private static QualityRecord read(JsonNode json) throws DecodeException {
        JsonNode given = json.get("reference");
        Reference reference = given == null ? null : readReference(given);
        QualityCounts counts = QualityRecord.counts(reference);
        long[][] arrays = counts.arrays();
        JsonNode totals = required(json, "totals");
        for (Total total : Total.values()) {
            counts.set(total, whole(totals.path(name(total)), name(total)));
        }
        readPairs(required(json, "positives"), arrays[1]);
        readPairs(required(json, "negatives"), arrays[2]);
        JsonNode calibration = required(json, "calibration");
        readAll(required(calibration, "positives"), arrays[3]);
        readAll(required(calibration, "negatives"), arrays[4]);
        readAll(required(calibration, "scores"), arrays[5]);
        if (reference != null) {
            readAll(required(json, "scores"), arrays[6]);
            int at = 7;
            for (String feature : reference.features().keySet()) {
                readAll(required(required(json, "features"), feature), arrays[at++]);
            }
        }
        return new QualityRecord(
                new ModelVersion(text(json, "model"), text(json, "version")),
                Role.parse(text(json, "role")),
                window(json.get("window")),
                Math.toIntExact(whole(required(json, "partition"), "partition")),
                text(json, "label"),
                required(json, "threshold").floatValue(),
                reference,
                counts,
                Instant.parse(text(json, "updatedAt")));
    }

    private static QualityRecord.@Nullable Window window(@Nullable JsonNode json) throws DecodeException {
        return json == null
                ? null
                : new QualityRecord.Window(
                        Instant.parse(text(json, "start")),
                        Duration.ofSeconds(whole(required(json, "seconds"), "window.seconds")));
    }

    private static ObjectNode reference(Reference reference) {
        ObjectNode json = JSON.createObjectNode().put("examples", reference.examples());
        ObjectNode features = json.putObject("features");
        reference.features().forEach((name, bins) -> features.set(name, bins(bins)));
        json.set("score", bins(reference.score()));
        return json;
    }

    private static ObjectNode bins(Reference.Bins bins) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode edges = json.putArray("edges");
        bins.edges().forEach(edges::add);
        ArrayNode shares = json.putArray("shares");
        bins.shares().forEach(shares::add);
        return json;
    }

    private static Reference readReference(JsonNode json) throws DecodeException {
        Map<String, Reference.Bins> features = new TreeMap<>();
        for (Map.Entry<String, JsonNode> feature : required(json, "features").properties()) {
            features.put(feature.getKey(), readBins(feature.getValue()));
        }
        return new Reference(
                whole(required(json, "examples"), "reference.examples"), features, readBins(required(json, "score")));
    }

    private static Reference.Bins readBins(JsonNode json) throws DecodeException {
        return new Reference.Bins(
                required(json, "edges").valueStream().map(JsonNode::floatValue).toList(),
                required(json, "shares")
                        .valueStream()
                        .map(JsonNode::doubleValue)
                        .toList());
    }

    private static void pairs(ArrayNode json, long[] counts) {
        for (int bin = 0; bin < counts.length; bin++) {
            if (counts[bin] != 0) {
                json.addArray().add(bin).add(counts[bin]);
            }
        }
    }

    private static void readPairs(JsonNode json, long[] counts) throws DecodeException {
        for (JsonNode pair : json) {
            long bin = whole(pair.path(0), "bin");
            if (bin < 0 || bin >= counts.length) {
                throw new DecodeException(Reason.UNDECODABLE, "bin " + bin + ": expected 0 to " + (counts.length - 1));
            }
            counts[(int) bin] = whole(pair.path(1), "count");
        }
    }

    private static void all(ArrayNode json, long[] counts) {
        Arrays.stream(counts).forEach(json::add);
    }

    private static void readAll(JsonNode json, long[] counts) throws DecodeException {
        if (json.size() != counts.length) {
            throw new DecodeException(
                    Reason.UNDECODABLE, json.size() + " counts: expected " + counts.length + ", one a bin");
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] = whole(json.path(i), "count");
        }
    }

    /** truePositives of TRUE_POSITIVES. */
    private static String name(Total total) {
        StringBuilder name = new StringBuilder();
        for (String word : total.name().split("_", -1)) {
            name.append(
                    name.isEmpty()
                            ? word.toLowerCase(Locale.ROOT)
                            : word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    private static long whole(JsonNode value, String field) throws DecodeException {
        if (value.isMissingNode()) {
            throw new DecodeException(Reason.MISSING_FIELD, field + " is missing");
        }
        if (!value.isIntegralNumber()) {
            throw new DecodeException(Reason.WRONG_TYPE, field + " is " + value + ": expected a whole number");
        }
        return value.longValue();
    }

    private static String text(JsonNode json, String field) throws DecodeException {
        JsonNode value = required(json, field);
        if (!value.isTextual()) {
            throw new DecodeException(Reason.WRONG_TYPE, field + " is " + value + ": expected a text");
        }
        return value.textValue();
    }

    private static JsonNode required(JsonNode json, String field) throws DecodeException {
        return RecordReader.required(json.get(field), field);
    }
}
