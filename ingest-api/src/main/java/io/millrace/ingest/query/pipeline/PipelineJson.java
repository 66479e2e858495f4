package io.millrace.ingest.query.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.codec.Timestamps;
import io.millrace.grpc.v1.GetPipelineResponse;
import io.millrace.grpc.v1.ModelRef;
import io.millrace.grpc.v1.PipelineInstance;
import io.millrace.grpc.v1.PipelineTask;
import io.millrace.grpc.v1.StateSize;
import io.millrace.ingest.ask.Asked;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.pipeline.BrokerSight;
import io.millrace.pipeline.BrokerSight.PartitionLag;
import io.millrace.pipeline.Sighting;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer of getPipeline, as openapi.yaml's PipelineState says. */
public final class PipelineJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PipelineJson() {}

    /**
     * Writes it.
     *
     * @param sighting what the topic pipeline said last, or null
     * @param partitions of the topic of events, 0 where nobody knows
     * @param asked what came of asking the processors
     */
    public static byte[] of(
            Instant at,
            @Nullable Sighting sighting,
            int partitions,
            BrokerSight sight,
            Asked<GetPipelineResponse> asked) {
        ObjectNode tree = NODES.objectNode().put("at", Timestamps.format(at));
        ArrayNode missing = NODES.arrayNode();
        List<PipelineInstance> instances = asked instanceof Asked.Answered<GetPipelineResponse> answered
                ? answered.answer().getInstancesList()
                : List.of();
        Pipeline pipeline = sighting == null ? Pipeline.FIRST : sighting.pipeline();
        if (partitions > 0) {
            tree.put("partitions", partitions);
        } else {
            missing(missing, "partitions", sight.failure() == null ? "there is no such topic yet" : sight.failure());
        }
        lags(tree, sight, pipeline.layout().number(), instances);
        rates(tree.putObject("rates"), sight, instances);
        if (sighting == null) {
            missing(missing, "layout", "the topic pipeline was not read yet");
        } else {
            tree.putObject("layout")
                    .put("number", pipeline.layout().number())
                    .put("topic", pipeline.layout().topic())
                    .put("phase", pipeline.phase().text());
            move(tree, pipeline, partitions, sight);
        }
        ArrayNode list = tree.putArray("instances");
        instances.forEach(instance -> list.add(instance(instance)));
        store(tree, sight, instances, missing);
        sight.deadLetters().ifPresent(count -> tree.put("deadLetters", count));
        ObjectNode brokers = tree.putObject("brokers").put("reachable", sight.failure() == null);
        ArrayNode nodes = brokers.putArray("nodes");
        sight.nodes().forEach(nodes::add);
        if (sight.failure() != null) {
            List.of("lag", "rates.received", "deadLetters").forEach(part -> missing(missing, part, sight.failure()));
            if (pipeline.next() != null) {
                missing(missing, "move", sight.failure());
            }
        }
        if (asked instanceof Asked.Refused<GetPipelineResponse> refused) {
            missing(missing, "instances", refused.detail());
        }
        instances.stream()
                .filter(instance -> !instance.getUnreachable().isEmpty())
                .forEach(instance -> missing(missing, "instances", instance.getUnreachable()));
        tree.set("missing", missing);
        return tree.toString().getBytes(UTF_8);
    }

    private static void missing(ArrayNode to, String part, String reason) {
        to.addObject().put("part", part).put("reason", reason);
    }

    private static void lags(ObjectNode tree, BrokerSight sight, int layout, List<PipelineInstance> instances) {
        sight.lag().ifPresent(lag -> tree.put("lag", lag));
        if (sight.lags().isEmpty()) {
            return;
        }
        Map<Integer, String> owners = new HashMap<>();
        for (PipelineInstance instance : instances) {
            for (PipelineTask task : instance.getTasksList()) {
                if (task.getLayout() == layout && !task.getStandby()) {
                    owners.put(task.getPartition(), instance.getAddress());
                }
            }
        }
        ArrayNode lags = tree.putArray("partitionLags");
        for (PartitionLag lag : sight.lags()) {
            ObjectNode one = lags.addObject().put("partition", lag.partition()).put("end", lag.end());
            lag.committed().ifPresent(committed -> one.put("committed", committed));
            one.put("lag", lag.lag());
            String owner = owners.get(lag.partition());
            if (owner != null) {
                one.put("instance", owner);
            }
        }
    }

    private static void rates(ObjectNode rates, BrokerSight sight, List<PipelineInstance> instances) {
        sight.received().ifPresent(received -> rates.put("received", received));
        if (instances.stream().anyMatch(instance -> instance.getUnreachable().isEmpty())) {
            rates.put(
                    "processed",
                    rounded(instances.stream()
                            .mapToDouble(PipelineInstance::getEventsPerSecond)
                            .sum()));
            rates.put(
                    "predicted",
                    rounded(instances.stream()
                            .mapToDouble(PipelineInstance::getPredictionsPerSecond)
                            .sum()));
        }
    }

    private static double rounded(double rate) {
        return Math.round(rate * 10) / 10.0;
    }

    private static void move(ObjectNode tree, Pipeline pipeline, int partitions, BrokerSight sight) {
        Layout next = pipeline.next();
        if (next == null) {
            return;
        }
        ObjectNode move = tree.putObject("move").put("phase", pipeline.phase().text());
        layout(move.putObject("from"), new Layout(pipeline.layout().number(), partitions));
        layout(move.putObject("to"), next);
        sight.move()
                .ifPresent(seen -> move.put("copied", seen.copied())
                        .put("total", seen.total())
                        .put("untaken", seen.untaken())
                        .put("expectedPauseSeconds", rounded(seen.pauseSeconds())));
    }

    private static void layout(ObjectNode to, Layout layout) {
        to.put("number", layout.number()).put("topic", layout.topic()).put("partitions", layout.partitions());
    }

    private static ObjectNode instance(PipelineInstance said) {
        ObjectNode tree = NODES.objectNode().put("address", said.getAddress());
        if (!said.getUnreachable().isEmpty()) {
            return tree.put("unreachable", said.getUnreachable());
        }
        if (said.getStartedMs() == 0) {
            return tree.put("state", "created");
        }
        tree.put("id", said.getId())
                .put("release", said.getRelease())
                .put("startedAt", Timestamps.format(Instant.ofEpochMilli(said.getStartedMs())))
                .put("state", said.getState());
        ArrayNode threads = tree.putArray("threads");
        said.getThreadsList().forEach(threads::add);
        tasks(tree.putArray("active"), said, false);
        tasks(tree.putArray("standby"), said, true);
        ArrayNode restoring = tree.putArray("restoring");
        said.getRestoringList()
                .forEach(one -> restoring
                        .addObject()
                        .put("store", one.getStore())
                        .put("partition", one.getPartition())
                        .put("records", one.getRecords())
                        .put("left", one.getLeft()));
        tree.put(
                "stateBytes",
                said.getStateSizesList().stream().mapToLong(StateSize::getBytes).sum());
        ArrayNode stores = tree.putArray("stores");
        said.getStateSizesList()
                .forEach(size -> stores.addObject()
                        .put("store", size.getStore())
                        .put("bytes", size.getBytes())
                        .put("keys", size.getKeys()));
        ArrayNode models = tree.putArray("models");
        for (ModelRef model : said.getModelsList()) {
            models.add(model.getName() + "@" + model.getVersion());
        }
        tree.putObject("rates")
                .put("processed", rounded(said.getEventsPerSecond()))
                .put("predicted", rounded(said.getPredictionsPerSecond()));
        tree.putObject("store")
                .put("connected", said.getStore().getConnected())
                .put("lag", said.getStore().getLag())
                .put("detail", said.getStore().getDetail());
        return tree;
    }

    private static void tasks(ArrayNode to, PipelineInstance said, boolean standby) {
        for (PipelineTask task : said.getTasksList()) {
            if (task.getStandby() == standby) {
                to.addObject().put("layout", task.getLayout()).put("partition", task.getPartition());
            }
        }
    }

    private static void store(ObjectNode tree, BrokerSight sight, List<PipelineInstance> instances, ArrayNode missing) {
        List<PipelineInstance> known = instances.stream()
                .filter(instance -> instance.getStartedMs() > 0)
                .toList();
        if (known.isEmpty()) {
            missing(missing, "store", "no processor says whether it reaches the database");
            return;
        }
        ObjectNode store = tree.putObject("store");
        if (sight.storeLag().isPresent()) {
            store.put("lag", sight.storeLag().getAsLong());
        } else {
            store.put(
                    "lag",
                    known.stream()
                            .mapToLong(instance -> instance.getStore().getLag())
                            .sum());
        }
        store.put(
                "connected",
                known.stream().allMatch(instance -> instance.getStore().getConnected()));
        known.stream()
                .filter(instance -> !instance.getStore().getConnected())
                .findFirst()
                .ifPresent(instance -> store.put("detail", instance.getStore().getDetail()));
    }
}
