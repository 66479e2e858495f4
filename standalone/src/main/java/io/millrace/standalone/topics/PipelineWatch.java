package io.millrace.standalone.topics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.ask.Asked;
import io.millrace.ingest.query.pipeline.PipelineJson;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.pipeline.BrokerLook;
import io.millrace.pipeline.BrokerSight;
import io.millrace.pipeline.PipelineFollower;
import io.millrace.pipeline.Sighting;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the whole pipeline: topics and groups with Kafka, the rest with the door, or with Kafka too where no door answers.
 * Not thread-safe; whoever makes it closes it.
 */
public final class PipelineWatch implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FIRST_SIGHT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    /** The door waits for brokers and processors at most 5 s. */
    private static final Duration DOOR = Duration.ofSeconds(6);

    private final Door door;
    private final String application;
    private final String storeGroup;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final PipelineFollower follower;
    private final TopicReport topics;
    private final BrokerLook broker;

    /**
     * Where the door is.
     *
     * @param url null where nobody knows
     * @param token of somebody who may ask
     */
    public record Door(@Nullable String url, String token) {}

    /**
     * What was seen.
     *
     * @param topics null where Kafka does not answer
     * @param failure why it does not, in one sentence; null where it does
     * @param pipeline as GET /v1/pipeline tells it
     */
    public record Seen(
            TopicReport.@Nullable State topics, @Nullable String failure, JsonNode pipeline) {
        /** All of it. */
        public JsonNode json() {
            ObjectNode all = JSON.createObjectNode();
            TopicReport.State state = topics;
            if (state != null) {
                ArrayNode list = all.putArray("topics");
                state.topics().forEach(topic -> {
                    ObjectNode one = list.addObject()
                            .put("topic", topic.topic())
                            .put("partitions", topic.partitions())
                            .put("copies", topic.replicas())
                            .put("records", topic.records());
                    topic.bytes().ifPresent(bytes -> one.put("bytes", bytes));
                    topic.ends().forEach(one.withArray("ends")::add);
                });
                ArrayNode groups = all.putArray("groups");
                state.groups().forEach(group -> {
                    ObjectNode one =
                            groups.addObject().put("group", group.group()).put("topic", group.topic());
                    group.lag().ifPresent(lag -> one.put("lag", lag));
                });
            }
            all.set("pipeline", pipeline);
            return all;
        }
    }

    /** @param application the processors' application id (of layout 1) */
    public PipelineWatch(String bootstrap, Door door, String application, String storeGroup) {
        this.door = door;
        this.application = application;
        this.storeGroup = storeGroup;
        this.follower = PipelineFollower.start(bootstrap, "millrace-topics", sighting -> {});
        this.topics = new TopicReport(bootstrap, PATIENCE);
        this.broker = new BrokerLook(bootstrap, "millrace-topics-look", PATIENCE);
    }

    /** One look, of some seconds where somebody is away. */
    public Seen look() throws InterruptedException {
        Sighting sighting = follower.last() == null ? follower.await(FIRST_SIGHT) : follower.last();
        Pipeline pipeline = sighting == null ? Pipeline.FIRST : sighting.pipeline();
        Layout layout = pipeline.layout();
        TopicReport.State state = null;
        String failure = null;
        try {
            state = topics.look(readers(layout), layout.applicationId(application));
        } catch (TopicsUnreachableException e) {
            failure = String.valueOf(e.getMessage());
        }
        return new Seen(state, failure, pipeline(sighting, pipeline, failure));
    }

    /** In the order in which they are shown. */
    private Map<String, String> readers(Layout layout) {
        Map<String, String> readers = new LinkedHashMap<>();
        readers.put(layout.applicationId(application), layout.topic());
        readers.put(storeGroup, Topic.PREDICTIONS.topicName());
        return readers;
    }

    private JsonNode pipeline(@Nullable Sighting sighting, Pipeline pipeline, @Nullable String failure)
            throws InterruptedException {
        String why = "no door is known: give --data, or --url and --token";
        if (door.url() != null) {
            try {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(URI.create(door.url() + "/v1/pipeline"))
                                .timeout(DOOR)
                                .header("Authorization", "Bearer " + door.token())
                                .build(),
                        BodyHandlers.ofString());
                JsonNode told = JSON.readTree(answer.body());
                if (answer.statusCode() == 200) {
                    return told;
                }
                why = "the door at " + door.url() + " says " + answer.statusCode() + ": "
                        + told.path("detail").asText("no reason");
            } catch (IOException e) {
                why = "the door at " + door.url() + " does not answer";
            }
        }
        BrokerSight sight =
                failure == null ? broker.look(pipeline, application, storeGroup) : BrokerSight.nothing(failure);
        return withoutDoor(sighting, pipeline, sight, why);
    }

    /** Who is in the group is told by Kafka too. */
    private JsonNode withoutDoor(@Nullable Sighting sighting, Pipeline pipeline, BrokerSight sight, String why)
            throws InterruptedException {
        Layout layout = pipeline.layout();
        ObjectNode tree;
        try {
            tree = (ObjectNode) JSON.readTree(PipelineJson.of(
                    Instant.now(),
                    sighting,
                    sight.partitions(),
                    sight,
                    new Asked.Refused<>(Asked.Kind.UNAVAILABLE, why)));
        } catch (IOException e) {
            throw new IllegalStateException("it was written a moment ago", e);
        }
        if (sight.failure() == null) {
            ArrayNode instances = tree.putArray("instances");
            broker.members(layout.applicationId(application), layout.topic()).forEach((member, partitions) -> {
                ArrayNode active = instances.addObject().put("address", member).putArray("active");
                partitions.forEach(partition ->
                        active.addObject().put("layout", layout.number()).put("partition", partition));
            });
        }
        return tree;
    }

    @Override
    public void close() {
        follower.close();
        topics.close();
        broker.close();
    }
}
