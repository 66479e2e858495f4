package io.millrace.processor.train;

import io.millrace.event.Event;
import io.millrace.event.Profile;
import io.millrace.identity.Source;
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
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replays events through the feature code that serves, and labels each scored event by what its user did later. Inputs
 * never see the future: they are taken when the state knows the past and the event alone. An event whose outcome reaches
 * past the last event is left out, for nobody knows its label.
 */
final class ExampleBuilder {
    private final FeaturePlan plan;
    private final Featurizer featurizer;
    private final Enricher enricher = new Enricher();
    private final OutcomeSpec outcome;
    private final EventOrder order;

    /** @throws IllegalArgumentException if the manifest has no outcome, or a feature cannot be computed */
    ExampleBuilder(Manifest manifest, EventOrder order) {
        if (manifest.outcome() == null) {
            throw new IllegalArgumentException("model.outcome: given none, expected what the model is to foresee");
        }
        this.plan = FeaturePlan.compile(List.of(manifest), order.lateness());
        this.featurizer = new Featurizer(plan);
        this.outcome = manifest.outcome();
        this.order = order;
    }

    /**
     * Reads the events of some files; of a sample of the users, all events, so that none has gaps.
     *
     * @throws IllegalArgumentException if a line is no event, or there are too many
     */
    static List<Event> read(List<Path> files, TrainConfig.Data data) throws IOException {
        List<Event> events = new ArrayList<>();
        for (Path file : files) {
            try (Stream<FileLine> lines = EventFiles.open(file, data.format())) {
                lines.map(line -> event(file, line, data.source()))
                        .filter(event -> data.sample() >= 1 || UserHash.SAMPLE.of(event.user()) < data.sample())
                        .forEach(event -> {
                            checkLimit(events, data);
                            events.add(event);
                        });
            }
        }
        return events;
    }

    static void checkLimit(List<Event> events, TrainConfig.Data data) {
        if (events.size() >= data.limit()) {
            throw new IllegalArgumentException(data.named() + ": given more than " + data.limit()
                    + " events, expected at most data.limit; raise it with the memory, or set data.sample");
        }
    }

    private static Event event(Path file, FileLine line, Source source) {
        if (line instanceof FileEvent event) {
            return event.event(source);
        }
        throw new IllegalArgumentException(file + ", line " + line.line() + ": " + ((UnreadableLine) line).why());
    }

    /** The examples, in time order. */
    List<Example> build(List<Event> events) {
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
