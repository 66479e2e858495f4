package io.millrace.processor.topology;

import io.millrace.layout.Layout;
import io.millrace.processor.score.Incoming;
import io.millrace.processor.score.MovedState;
import io.millrace.processor.score.ScoreProcessor;
import io.millrace.processor.score.ScoreStores;
import io.millrace.topic.Topic;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * The one topology: user-events → score → predictions, user-profiles, dead-letters. Enriching, featurizing and scoring
 * are one processor over one state store, because between them nothing is shuffled: every step has the same key.
 *
 * <p>All names are fixed: changelog topics are named after them, and a name that changes strands the state.
 */
public final class ScoringTopology {
    private static final String SOURCE = "user-events";
    private static final String TRANSFER = "state-transfer";

    private ScoringTopology() {}

    /**
     * Of the layout that a pipeline begins with.
     *
     * @param processor makes one for each task
     */
    public static Topology build(Supplier<ScoreProcessor> processor) {
        return build(Layout.FIRST, processor);
    }

    /**
     * Of any layout. A later one has a second source beside the events, the state of the layout before.
     *
     * @param processor makes one for each task
     */
    public static Topology build(Layout layout, Supplier<ScoreProcessor> processor) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        Topology topology = new Topology();
        topology.addSource(
                AutoOffsetReset.earliest(),
                SOURCE,
                new ByteArrayDeserializer(),
                new EventDeserializer(),
                layout.topic());
        if (layout.isMoved()) {
            topology.addSource(
                    AutoOffsetReset.earliest(),
                    TRANSFER,
                    new ByteArrayDeserializer(),
                    (Deserializer<Incoming>) (topic, value) -> MovedState.read(value),
                    layout.transferTopic());
            topology.addProcessor(ScoreProcessor.NODE, processor::get, SOURCE, TRANSFER);
        } else {
            topology.addProcessor(ScoreProcessor.NODE, processor::get, SOURCE);
        }
        topology.addStateStore(ScoreStores.users(), ScoreProcessor.NODE);
        topology.addStateStore(ScoreStores.seen(), ScoreProcessor.NODE);
        topology.addStateStore(ScoreStores.quality(), ScoreProcessor.NODE);
        topology.addStateStore(ScoreStores.microBatch(), ScoreProcessor.NODE);
        topology.addSink(ScoreProcessor.PREDICTIONS, Topic.PREDICTIONS.topicName(), bytes, bytes, ScoreProcessor.NODE);
        topology.addSink(
                ScoreProcessor.SHADOW_PREDICTIONS,
                Topic.SHADOW_PREDICTIONS.topicName(),
                bytes,
                bytes,
                ScoreProcessor.NODE);
        topology.addSink(ScoreProcessor.PROFILES, Topic.USER_PROFILES.topicName(), bytes, bytes, ScoreProcessor.NODE);
        topology.addSink(
                ScoreProcessor.DEAD_LETTERS, Topic.DEAD_LETTERS.topicName(), bytes, bytes, ScoreProcessor.NODE);
        topology.addSink(ScoreProcessor.ERASURES, Topic.ERASURES.topicName(), bytes, bytes, ScoreProcessor.NODE);
        topology.addSink(ScoreProcessor.QUALITY, Topic.MODEL_QUALITY.topicName(), bytes, bytes, ScoreProcessor.NODE);
        return topology;
    }
}
