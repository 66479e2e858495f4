package io.millrace.processor.score;

import io.millrace.identity.Traceparent;
import io.millrace.processor.feature.FeatureResult;
import io.millrace.processor.featurize.Featurized;
import io.millrace.processor.observe.Trail;
import io.millrace.trace.Step;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.jspecify.annotations.Nullable;

/** Makes of one event what waits for each model that scores it. Used by one thread. */
record Shares(
        ArrivedEvent arrived, byte[] key, @Nullable Traceparent trace, ProcessorRecordContext origin, Trail trail) {
    /**
     * One prediction a model, and one for each shadow. A model's champion comes before its canary: where both score the
     * event, the champion's share is the canary's spare.
     *
     * @param featurized in the generation's order
     * @param waits told of each prediction that is to be made
     */
    void divide(Generation generation, List<Featurized> featurized, Consumer<Waiting> waits) {
        Waiting main = null;
        for (Featurized one : featurized) {
            ActiveModel model = generation.model(one.model());
            boolean standsIn = main != null
                    && main.model.version().name().equals(model.version().name());
            switch (model.role()) {
                case CHAMPION -> {
                    hand(main, waits);
                    main = champion(model, one.result());
                }
                case CANARY -> {
                    if (!standsIn) {
                        hand(main, waits);
                        main = null;
                    }
                    main = canary(model, one.result(), main);
                }
                case SHADOW -> hand(shadow(model, one.result()), waits);
            }
        }
        hand(main, waits);
    }

    private static void hand(@Nullable Waiting waiting, Consumer<Waiting> waits) {
        if (waiting != null) {
            waits.accept(waiting);
        }
    }

    private Waiting champion(ActiveModel model, FeatureResult result) {
        Step step = trail.score(arrived.event(), model.version().toString(), trace);
        if (result instanceof FeatureResult.Refused refused) {
            return Waiting.refused(arrived, key, model, step, origin, refused.reason(), refused.detail());
        }
        return new Waiting(arrived, key, ((FeatureResult.Computed) result).inputs(), model, step, origin, null);
    }

    /** What an event lacks for the canary is no failure of the canary's; the champion has it. */
    private @Nullable Waiting canary(ActiveModel model, FeatureResult result, @Nullable Waiting champion) {
        if (!(result instanceof FeatureResult.Computed computed)) {
            return champion;
        }
        String version = model.version().toString();
        Step step =
                champion == null ? trail.score(arrived.event(), version, trace) : champion.step.put("model", version);
        return new Waiting(arrived, key, computed.inputs(), model, step, origin, champion);
    }

    private @Nullable Waiting shadow(ActiveModel model, FeatureResult result) {
        if (!(result instanceof FeatureResult.Computed computed)) {
            return null;
        }
        Step step = trail.score(arrived.event(), model.version().toString(), trace);
        return new Waiting(arrived, key, computed.inputs(), model, step, origin, null);
    }
}
