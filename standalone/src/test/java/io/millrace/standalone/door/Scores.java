package io.millrace.standalone.door;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DecodeException;
import io.millrace.codec.PredictionCodec;
import io.millrace.config.Settings;
import io.millrace.processor.Processor;
import io.millrace.processor.ProcessorConfig;
import io.millrace.processor.ProcessorKeys;
import io.millrace.processor.swap.DeployedModels;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A processor behind a stage's door, with the shipped purchase-intent, which scores product_viewed. */
final class Scores implements AutoCloseable {
    private static final String GROUP = "millrace-processor";
    /** Of a stage. */
    private static final int PARTITIONS = 3;

    private final DoorStage stage;
    private final Processor processor;

    Scores(DoorStage stage, Path state) throws Exception {
        this.stage = stage;
        DeployedModels models = new DeployedModels();
        models.register("1");
        models.deploy("1", null, List.of());
        Settings settings = Settings.gather(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap", stage.bootstrap(),
                        "topics.partitions", Integer.toString(PARTITIONS),
                        "postgres.url", "jdbc:postgresql://127.0.0.1:1/nowhere",
                        "processor.state-dir", state.toString(),
                        "processor.grpc.port", "0"),
                ProcessorKeys.ALL);
        ProcessorConfig config = ProcessorConfig.from(settings);
        settings.check();
        processor = Processor.start(config, new SimpleMeterRegistry(), models);
    }

    /** How many committed predictions each event has, once every event that is there now has been processed. */
    Map<String, Integer> byEvent() throws DecodeException {
        DoorStage.until(this::isThrough);
        Map<String, Integer> scores = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> found : stage.committed(Topic.PREDICTIONS)) {
            scores.merge(PredictionCodec.decode(found.value()).eventId().value(), 1, Integer::sum);
        }
        return scores;
    }

    /** The offsets are committed in the transactions that have the predictions. */
    private boolean isThrough() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stage.bootstrap()))) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                latest.put(new TopicPartition(Topic.USER_EVENTS.topicName(), partition), OffsetSpec.latest());
            }
            var ends = admin.listOffsets(latest).all().get();
            var done = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return ends.entrySet().stream().allMatch(end -> {
                var at = done.get(end.getKey());
                return end.getValue().offset() == 0
                        || (at != null && at.offset() >= end.getValue().offset());
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        processor.close();
    }
}
