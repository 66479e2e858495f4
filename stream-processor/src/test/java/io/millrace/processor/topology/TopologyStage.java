package io.millrace.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PredictionHeaders;
import io.millrace.codec.RedriveCodec;
import io.millrace.deadletter.Redrive;
import io.millrace.event.Event;
import io.millrace.layout.Layout;
import io.millrace.processor.observe.ScoringMeters;
import io.millrace.processor.quality.Quality;
import io.millrace.processor.quality.QualityConfig;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.ScoreProcessor;
import io.millrace.processor.score.StateGate;
import io.millrace.processor.score.ThreadBatches;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The topology without a broker, on one thread, the test's own: what is posted has been processed when post returns. */
final class TopologyStage implements AutoCloseable {
    static final Duration LATENESS = Duration.ofHours(1);

    final TopologyTestDriver driver;
    final TestInputTopic<byte[], byte[]> events;
    private final StateMemory memory = new StateMemory(16 << 20);
    private final ThreadBatches batches;
    private final Instant now;

    TopologyStage(Path stateDir, Generations generations, SimpleMeterRegistry registry, Instant now) {
        this(
                stateDir,
                generations,
                registry,
                new QualityConfig(Duration.ofHours(1), Duration.ofMinutes(5), 16, Duration.ofSeconds(10)),
                now);
    }

    TopologyStage(
            Path stateDir, Generations generations, SimpleMeterRegistry registry, QualityConfig judged, Instant now) {
        this(stateDir, generations, registry, judged, now, Layout.FIRST, StateGate.open(), PredictionHeaders.NONE);
    }

    /**
     * Of any layout.
     *
     * @param now by the driver's clock, and as the time of all records
     * @param gate of the layout's tasks
     * @param headers of predictions
     */
    TopologyStage(
            Path stateDir,
            Generations generations,
            SimpleMeterRegistry registry,
            QualityConfig judged,
            Instant now,
            Layout layout,
            StateGate gate,
            PredictionHeaders headers) {
        this.now = now;
        batches = new ThreadBatches(generations, new ScoringMeters(registry), Duration.ofMillis(50), 1 << 20);
        Quality quality = new Quality(judged, registry);
        generations.newest().models().forEach(model -> quality.watch(model.manifest()));
        Properties settings = new StreamsSettings(
                        "unused:9092",
                        "test",
                        "test-1",
                        stateDir,
                        1,
                        Guarantee.EXACTLY_ONCE,
                        Duration.ofMillis(50),
                        0,
                        1)
                .properties(memory);
        driver = new TopologyTestDriver(
                ScoringTopology.build(
                        layout,
                        () -> new ScoreProcessor(
                                batches,
                                Duration.ofMillis(5),
                                quality,
                                gate,
                                Math.max(1, layout.partitions()),
                                headers)),
                settings,
                now);
        ByteArraySerializer bytes = new ByteArraySerializer();
        events = driver.createInputTopic(layout.topic(), bytes, bytes);
    }

    void post(Event event) {
        events.pipeInput(new TestRecord<>(event.user().text().getBytes(UTF_8), EventCodec.encode(event), now));
    }

    /** An event that was put back from dead-letters. */
    void post(Event event, Redrive redrive) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(io.millrace.codec.RecordHeaders.REDRIVE, RedriveCodec.encode(redrive));
        events.pipeInput(
                new TestRecord<>(event.user().text().getBytes(UTF_8), EventCodec.encode(event), headers, redrive.at()));
    }

    TestOutputTopic<byte[], byte[]> output(Topic topic) {
        return output(topic.topicName());
    }

    TestOutputTopic<byte[], byte[]> output(String topic) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return driver.createOutputTopic(topic, bytes, bytes);
    }

    @Override
    public void close() {
        driver.close();
        batches.close();
        memory.close();
    }
}
