package io.millrace.processor.train.example;

import io.millrace.event.Event;
import io.millrace.event.Profile;
import io.millrace.identity.UserKey;
import io.millrace.model.Manifest;
import io.millrace.model.OutcomeSpec;
import io.millrace.processor.enrich.Enricher;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.feature.FeatureResult;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.feature.Traits;
import io.millrace.processor.feature.UserState;
import io.millrace.processor.featurize.Featurized;
import io.millrace.processor.featurize.Featurizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replays events through the feature code that serves, and labels each scored event by what its user did later. Inputs
 * never see the future: they are taken when the state knows the past and the event alone. An event whose outcome reaches
 * past the last event is left out, for nobody knows its label.
 */
public final class ExampleBuilder {
    private final FeaturePlan plan;
    private final Featurizer featurizer;
    private final Enricher enricher = new Enricher();
    private final OutcomeSpec outcome;
    private final EventOrder order;

    /** @throws IllegalArgumentException if the manifest has no outcome, or a feature cannot be computed */
    public ExampleBuilder(Manifest manifest, EventOrder order) {
        if (manifest.outcome() == null) {
            throw new IllegalArgumentException("model.outcome: given none, expected what the model is to foresee");
        }
        this.plan = FeaturePlan.compile(List.of(manifest), order.lateness());
        this.featurizer = new Featurizer(plan);
        this.outcome = manifest.outcome();
        this.order = order;
    }

    /** The examples, in time order. */
    public List<Example> build(List<Event> events) {
        List<Observation> ordered =
                order.order(order.once(events).stream().map(plan::observe).toList());
        Labels labels = new Labels(outcome, ordered);
        Map<UserKey, Known> users = new HashMap<>();
        List<Example> examples = new ArrayList<>();
        for (Observation o : ordered) {
            Known known = users.computeIfAbsent(o.event().user(), user -> new Known(plan.empty()));
            known.profile = enricher.merge(known.profile, o.event()).profile();
            known.state = plan.advance(known.state, o);
            if (!labels.isKnown(o)) {
                continue;
            }
            for (Featurized featurized : featurizer.featurize(known.state, o, traits(known.profile))) {
                if (featurized.result() instanceof FeatureResult.Computed computed) {
                    examples.add(new Example(o.event(), o.time(), computed.inputs(), labels.isPositive(o)));
                }
            }
        }
        examples.sort(Comparator.comparingLong(Example::time));
        return examples;
    }

    private Traits traits(@Nullable Profile profile) {
        return profile == null || !plan.readsTraits() ? Traits.NONE : Traits.of(profile.traits());
    }

    /** What the stream knows of a user at this point. */
    private static final class Known {
        private UserState state;
        private @Nullable Profile profile;

        Known(UserState state) {
            this.state = state;
        }
    }
}
