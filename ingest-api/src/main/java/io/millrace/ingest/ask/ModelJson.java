package io.millrace.ingest.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.codec.Timestamps;
import io.millrace.grpc.v1.GetStatusResponse;
import io.millrace.grpc.v1.InstanceStatus;
import io.millrace.grpc.v1.ListRegisteredResponse;
import io.millrace.grpc.v1.ModelDeployment;
import io.millrace.grpc.v1.ModelVersionInfo;
import io.millrace.grpc.v1.RegisteredModel;
import io.millrace.grpc.v1.VersionState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.TreeMap;

/** What the registry says, as openapi.yaml words it. */
final class ModelJson {
    static final String TYPE = "application/json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelJson() {}

    static JsonNode read(byte[] body) {
        try {
            return body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException("the body was checked before", e);
        }
    }

    static byte[] bytes(ObjectNode tree) {
        try {
            return JSON.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is JSON", e);
        }
    }

    static ObjectNode list(ListRegisteredResponse answer) {
        ObjectNode tree = JSON.createObjectNode();
        ArrayNode models = tree.putArray("models");
        answer.getModelsList().forEach(model -> models.add(model(model)));
        return tree;
    }

    static ObjectNode model(RegisteredModel model) {
        ObjectNode tree = JSON.createObjectNode().put("name", model.getName());
        ArrayNode versions = tree.putArray("versions");
        model.getVersionsList().forEach(version -> versions.add(version(version)));
        if (model.hasDeployment()) {
            tree.set("deployment", deployment(model.getDeployment()));
        }
        return tree;
    }

    static JsonNode deployment(ModelDeployment deployment) {
        return read(deployment.getJson().toByteArray());
    }

    static ObjectNode version(ModelVersionInfo version) {
        ObjectNode tree = JSON.createObjectNode()
                .put("name", version.getName())
                .put("version", version.getVersion())
                .put("sha256", version.getSha256())
                .put("bytes", version.getBytes())
                .put("kind", version.getKind())
                .put("label", version.getLabel())
                // The shortest text that reads back as the same float32.
                .put("threshold", new BigDecimal(Float.toString(version.getThreshold())))
                .put("by", version.getBy())
                .put("at", time(version.getAtMs()))
                .put("signed", version.getIsSigned())
                .put("licence", version.getLicence())
                .put("trainedOn", version.getTrainedOn());
        ObjectNode metrics = tree.putObject("metrics");
        new TreeMap<>(version.getMetricsMap()).forEach(metrics::put);
        if (!version.getManifest().isEmpty()) {
            tree.put("manifest", version.getManifest());
        }
        return tree;
    }

    static ArrayNode instances(GetStatusResponse answer) {
        ArrayNode instances = JSON.createArrayNode();
        for (InstanceStatus instance : answer.getInstancesList()) {
            ObjectNode tree = instances.addObject().put("address", instance.getAddress());
            if (!instance.getUnreachable().isEmpty()) {
                tree.put("unreachable", instance.getUnreachable());
            }
            ArrayNode states = tree.putArray("states");
            instance.getStatesList().forEach(state -> states.add(state(state)));
        }
        return instances;
    }

    private static ObjectNode state(VersionState state) {
        ObjectNode tree = JSON.createObjectNode().put("version", state.getVersion());
        if (!state.getRole().isEmpty()) {
            tree.put("role", state.getRole());
        }
        tree.put("phase", state.getPhase());
        if (!state.getDetail().isEmpty()) {
            tree.put("detail", state.getDetail());
        }
        return tree.put("since", time(state.getSinceMs()));
    }

    private static String time(long millis) {
        return Timestamps.format(Instant.ofEpochMilli(millis));
    }
}
