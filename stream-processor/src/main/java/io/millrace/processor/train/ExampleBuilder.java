package io.millrace.processor.train;

import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.model.Manifest;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.feature.FeatureResult;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.feature.Traits;
import io.millrace.processor.feature.UserState;
import io.millrace.processor.featurize.Featurized;
import io.millrace.processor.featurize.Featurizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replays events in time order through the feature code that serves, and labels each scored event by what its user did
 * later. Inputs never see the future: they are taken when the state knows the past and the event alone. An event whose
 * target window reaches past the last event is left out, for nobody knows its label.
 */
final class ExampleBuilder {
    /** Files are sorted by time first, so nothing comes late. */
    private static final Duration LATENESS = Duration.ZERO;

    private final FeaturePlan plan;
    private final Featurizer featurizer;
    private final TrainConfig.Target target;

    ExampleBuilder(Manifest manifest, TrainConfig.Target target) {
        this.plan = FeaturePlan.compile(List.of(manifest), LATENESS);
        this.featurizer = new Featurizer(plan);
        this.target = target;
    }

    /**
     * Reads the events of some files.
     *
     * @param sample share of the users, chosen by a hash, whose events are taken: whole users, so that none has gaps
     * @throws IllegalArgumentException if a line is no event
     */
    static List<Event> read(List<Path> files, FileFormat format, Source source, double sample) throws IOException {
        List<Event> events = new ArrayList<>();
        for (Path file : files) {
            try (Stream<FileLine> lines = EventFiles.open(file, format)) {
                lines.map(line -> event(file, line, source))
                        .filter(event -> sample >= 1 || UserHash.SAMPLE.of(event.user()) < sample)
                        .forEach(events::add);
            }
        }
        return events;
    }

    private static Event event(Path file, FileLine line, Source source) {
        if (line instanceof FileEvent event) {
            return event.event(source);
        }
        throw new IllegalArgumentException(file + ", line " + line.line() + ": " + ((UnreadableLine) line).why());
    }

    /** The examples, in time order. */
    List<Example> build(List<Event> events) {
        List<Observation> ordered = events.stream()
                .map(plan::observe)
                .sorted(Comparator.comparingLong(Observation::time))
                .toList();
        Map<UserKey, NavigableSet<Long>> targets = new HashMap<>();
        for (Observation o : ordered) {
            if (o.name().equals(target.event())) {
                targets.computeIfAbsent(o.event().user(), user -> new TreeSet<>())
                        .add(o.time());
            }
        }
        long known = ordered.isEmpty()
                ? 0
                : ordered.get(ordered.size() - 1).time() - target.within().toMillis();
        Map<UserKey, UserState> states = new HashMap<>();
        List<Example> examples = new ArrayList<>();
        for (Observation o : ordered) {
            UserKey user = o.event().user();
            UserState before = states.computeIfAbsent(user, key -> plan.empty());
            UserState state = plan.advance(before, o);
            states.put(user, state);
            if (o.time() > known) {
                continue;
            }
            for (Featurized featurized : featurizer.featurize(state, o, Traits.NONE)) {
                if (featurized.result() instanceof FeatureResult.Computed computed) {
                    boolean positive = comesTrue(targets.get(user), o.time());
                    examples.add(new Example(o.event(), o.time(), computed.inputs(), positive));
                }
            }
        }
        return examples;
    }

    private boolean comesTrue(@Nullable NavigableSet<Long> times, long time) {
        Long next = times == null ? null : times.higher(time);
        return next != null && next - time <= target.within().toMillis();
    }
}
