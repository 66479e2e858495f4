package io.millrace.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PredictionCodec;
import io.millrace.codec.RedriveCodec;
import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Reason;
import io.millrace.deadletter.Redrive;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.fuzz.BadInput;
import io.millrace.fuzz.FuzzRun;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import io.millrace.processor.score.Route;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records of producers that are none of ours: without key or value, under other keys, of any bytes, times and headers. The
 * stream goes on, and what it remembers of others stays.
 */
class TopologyFuzzTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final int USUAL = 1_000;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private LoadedModel model;
    private TopologyStage stage;
    private TestOutputTopic<byte[], byte[]> predictions;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start(@TempDir Path stateDir) throws Exception {
        model = FixtureModels.load(
                new ModelVersion("logarithm", "1"), "logarithm", "product_viewed", FixtureModels.PROPERTIES);
        Generation generation =
                new Generation(1, List.of(Route.of(ActiveModel.champion(model))), List.of(), TopologyStage.LATENESS);
        stage = new TopologyStage(stateDir, new Generations(generation), registry, NOON);
        predictions = stage.output(Topic.PREDICTIONS);
        deadLetters = stage.output(Topic.DEAD_LETTERS);
    }

    @AfterEach
    void stop() {
        stage.close();
        model.close();
    }

    @Test
    void foreignRecords_neverStopTheStream_norMakeItForget() throws Exception {
        BadInput inputs = new BadInput(FuzzRun.seed(), FuzzRun.examples("event"));
        stage.post(event("before", NOON));
        predictions.readRecord();

        Map<String, Long> outcomes = FuzzRun.run(
                "topology",
                Math.min(200_000, FuzzRun.inputs(USUAL)),
                () -> inputs.choose(2) == 0 ? inputs.next() : inputs.nextEvent(),
                value -> taken(inputs, value));

        assertThat(outcomes).containsKeys("predicted", "undecodable", "tombstone", "nothing");
        stage.post(event("before", NOON));
        stage.post(event("after", NOON));
        stage.post(event("after", NOON));
        assertThat(predictions.readValuesToList()).hasSize(1);
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    /** One record from far ahead would make the stores of what was seen forget everything before it. */
    @Test
    void whatComesFromTheFuture_isRefused_andNobodyIsForgotten() throws Exception {
        stage.post(event("e1", NOON));
        stage.post(event("ahead", Instant.parse("9999-01-01T00:00:00Z")));
        stage.post(
                event("ahead too", NOON),
                new Redrive(new LetterId(0, 1), 2, Instant.parse("9999-01-01T00:00:00Z"), false, null));
        stage.post(event("e1", NOON));

        assertThat(predictions.readValuesToList()).hasSize(1);
        assertThat(DeadLetterCodec.decode(deadLetters.readValue()).reason()).isEqualTo(Reason.TIMESTAMP_OUT_OF_RANGE);
        assertThat(DeadLetterCodec.decode(deadLetters.readValue()).reason()).isEqualTo(Reason.TIMESTAMP_OUT_OF_RANGE);
    }

    private String taken(BadInput inputs, byte[] value) throws DecodeException {
        boolean tombstone = inputs.choose(50) == 0;
        RecordHeaders headers = new RecordHeaders();
        if (inputs.choose(4) == 0) {
            headers.add(io.millrace.codec.RecordHeaders.REDRIVE, redrive(inputs));
            headers.add("traceparent", inputs.noise(inputs.choose(60)));
        }
        stage.events.pipeInput(new TestRecord<>(key(inputs, value), tombstone ? null : value, headers, NOON));
        String outcome = "nothing";
        for (byte[] one : predictions.readValuesToList()) {
            PredictionCodec.decode(one);
            outcome = "predicted";
        }
        for (byte[] one : deadLetters.readValuesToList()) {
            outcome = DeadLetterCodec.decode(one).reason().code();
        }
        return outcome;
    }

    /** Mostly the event's own. */
    private static byte @Nullable [] key(BadInput inputs, byte[] value) {
        try {
            if (inputs.choose(10) > 0) {
                return EventCodec.decode(value).user().text().getBytes(UTF_8);
            }
        } catch (DecodeException e) {
            // none then
        }
        return inputs.choose(3) == 0 ? null : inputs.noise(inputs.choose(20));
    }

    private static byte[] redrive(BadInput inputs) {
        if (inputs.choose(2) == 0) {
            return inputs.next();
        }
        boolean taken = inputs.choose(2) == 0;
        Instant at =
                inputs.choose(4) == 0 ? Instant.parse("9998-01-01T00:00:00Z") : NOON.plusSeconds(inputs.choose(9_999));
        String refusedBy = inputs.choose(2) == 0 ? "logarithm@0" : "none";
        return RedriveCodec.encode(
                new Redrive(new LetterId(0, inputs.choose(100)), 2, at, taken, taken ? refusedBy : null));
    }

    private static Event event(String id, Instant received) {
        return new Event(
                new EventId(id),
                new Source("web"),
                "u1",
                null,
                EventKind.TRACK,
                "product_viewed",
                JsonObject.of("{\"a\":1}"),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, received, received, EventTimes.Basis.RECEIVED));
    }
}
