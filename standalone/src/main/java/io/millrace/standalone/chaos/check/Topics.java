package io.millrace.standalone.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the topics from their beginning, read_committed, and goes on where it was when it is asked again. Topics of events are
 * found by their names, of all layouts. Belongs to one thread, which closes it.
 */
final class Topics implements AutoCloseable {
    private static final Pattern EVENTS = Pattern.compile("user-events(?:-([1-9][0-9]*))?");
    private static final String PREDICTIONS = "predictions";
    private static final String DEAD_LETTERS = "dead-letters";
    private static final String MODELS = "models";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final History history;
    private final boolean wholeCounts;
    private final Map<String, List<String>> selections = new HashMap<>();

    /** @param wholeCounts whether features that count within an hour count everything */
    Topics(String bootstrap, History history, boolean wholeCounts) {
        this.history = history;
        this.wholeCounts = wholeCounts;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        admin = Admin.create(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
    }

    /** Reads everything that is committed now. */
    void read() throws IOException {
        assign();
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                take(record);
            }
        }
    }

    /** How many records of the newest layout's events no group of consumers has taken yet. */
    long behind() throws InterruptedException {
        int newest = 0;
        for (TopicPartition partition : consumer.assignment()) {
            newest = Math.max(newest, layout(partition.topic()));
        }
        int number = newest;
        List<TopicPartition> events = consumer.assignment().stream()
                .filter(partition -> layout(partition.topic()) == number)
                .toList();
        try {
            long best = Long.MAX_VALUE;
            Map<TopicPartition, Long> ends = consumer.endOffsets(events);
            for (GroupListing group : admin.listGroups().all().get()) {
                Map<TopicPartition, OffsetAndMetadata> taken = admin.listConsumerGroupOffsets(group.groupId())
                        .partitionsToOffsetAndMetadata()
                        .get();
                if (events.stream().anyMatch(taken::containsKey)) {
                    best = Math.min(best, behind(ends, taken));
                }
            }
            return best;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the brokers do not tell how far groups are: " + e.getMessage(), e);
        }
    }

    private static long behind(Map<TopicPartition, Long> ends, Map<TopicPartition, OffsetAndMetadata> taken) {
        long behind = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            OffsetAndMetadata offset = taken.get(end.getKey());
            behind += Math.max(0, end.getValue() - (offset == null ? 0 : offset.offset()));
        }
        return behind;
    }

    private void assign() {
        Set<TopicPartition> all = new HashSet<>(consumer.assignment());
        List<TopicPartition> added = new ArrayList<>();
        consumer.listTopics().forEach((topic, partitions) -> {
            if (layout(topic) > 0 || Set.of(PREDICTIONS, DEAD_LETTERS, MODELS).contains(topic)) {
                partitions.forEach(info -> {
                    TopicPartition partition = new TopicPartition(topic, info.partition());
                    if (all.add(partition)) {
                        added.add(partition);
                    }
                });
            }
        });
        if (!added.isEmpty()) {
            Map<TopicPartition, Long> positions = new HashMap<>();
            consumer.assignment().forEach(partition -> positions.put(partition, consumer.position(partition)));
            consumer.assign(all);
            positions.forEach(consumer::seek);
            consumer.seekToBeginning(added);
        }
    }

    /** The layout whose events a topic takes; 0 for another topic. */
    private static int layout(String topic) {
        Matcher matcher = EVENTS.matcher(topic);
        return !matcher.matches() ? 0 : matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
    }

    private void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
        if (record.value() == null) {
            return;
        }
        int layout = layout(record.topic());
        if (layout > 0) {
            JsonNode event = JSON.readTree(record.value());
            history.published(
                    event.path("id").asText(),
                    user(event),
                    event.path("name").asText(),
                    layout,
                    record.partition(),
                    record.offset());
        } else if (record.topic().equals(PREDICTIONS)) {
            predicted(record, JSON.readTree(record.value()));
        } else if (record.topic().equals(DEAD_LETTERS)) {
            history.deadLetter();
        } else {
            model(JSON.readTree(record.value()));
        }
    }

    private void predicted(ConsumerRecord<byte[], byte[]> record, JsonNode prediction) {
        history.predicted(
                UUID.fromString(prediction.path("id").asText()),
                prediction.path("eventId").asText(),
                user(prediction),
                prediction.path("model").asText().intern(),
                record.partition(),
                record.offset(),
                // What features count by: nothing is received before it happens (docs/features.md).
                Math.min(millis(prediction, "eventTime"), millis(prediction, "receivedAt")),
                fingerprint(prediction),
                Counting.of(prediction, wholeCounts));
    }

    private static long fingerprint(JsonNode prediction) {
        Fingerprint print = new Fingerprint();
        for (String field :
                List.of("eventId", "source", "userId", "anonymousId", "model", "version", "sha256", "role")) {
            print.add(prediction.path(field).textValue());
        }
        return print.addFloat(Float.parseFloat(prediction.path("score").asText()))
                .add(prediction.path("label").textValue())
                .addFloat(Float.parseFloat(prediction.path("threshold").asText()))
                .add(prediction.path("features"))
                .add(prediction.get("sequence"))
                .add(millis(prediction, "eventTime"))
                .add(millis(prediction, "receivedAt"))
                .add(millis(prediction, "scoredAt"))
                .value();
    }

    private static long millis(JsonNode node, String field) {
        return Instant.parse(node.path(field).asText()).toEpochMilli();
    }

    private static String user(JsonNode node) {
        return node.has("userId")
                ? node.path("userId").asText()
                : node.path("anonymousId").asText();
    }

    /** A registered version tells what it selects; a deployment, which of them is live. Both stand on one topic, in order. */
    private void model(JsonNode record) throws IOException {
        String name = record.path("name").asText();
        if (record.has("manifest")) {
            List<String> events = new ArrayList<>();
            YAML.readTree(record.path("manifest").asText())
                    .path("selects")
                    .path("events")
                    .forEach(event -> events.add(event.asText()));
            selections.put(name + "@" + record.path("version").asText(), events);
        } else if (record.has("champion")) {
            List<String> events =
                    selections.getOrDefault(name + "@" + record.path("champion").asText(), List.of());
            history.selects(name, events);
        }
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
