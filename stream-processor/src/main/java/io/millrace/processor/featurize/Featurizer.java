package io.millrace.processor.featurize;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Manifest;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.feature.Traits;
import io.millrace.processor.feature.UserState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Finds the models that select an event and computes the inputs of each. Immutable and safe for all threads. */
public final class Featurizer {
    /** A model among those that select a name; no sources means all. */
    private record Candidate(ModelVersion model, Set<String> sources) {}

    private final FeaturePlan plan;
    private final List<Manifest> scored;
    private final Map<String, List<Candidate>> byName = new HashMap<>();
    private final List<Candidate> ofOtherNames;

    /** For all of the plan's models. */
    public Featurizer(FeaturePlan plan) {
        this(plan, plan.manifests());
    }

    /** @param scored those of the plan's models that score; the others' state is only kept */
    public Featurizer(FeaturePlan plan, List<Manifest> scored) {
        this.plan = plan;
        this.scored = List.copyOf(scored);
        for (Manifest manifest : scored) {
            for (String name : manifest.selects().events()) {
                byName.computeIfAbsent(name, this::candidates);
            }
        }
        ofOtherNames = candidates("");
    }

    /** Event names are never empty, so the empty one is selected only by those who select every event. */
    private List<Candidate> candidates(String name) {
        return scored.stream()
                .filter(manifest -> manifest.selects().events().isEmpty()
                        || manifest.selects().events().contains(name))
                .map(manifest -> new Candidate(
                        manifest.model(), Set.copyOf(manifest.selects().sources())))
                .toList();
    }

    /** Whether any model scores the event; the state advances all the same. */
    public boolean selects(Observation o) {
        for (Candidate candidate : byName.getOrDefault(o.name(), ofOtherNames)) {
            if (takes(candidate, o)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Computes the inputs of each model that selects the event, in the order the models were given.
     *
     * @param state just advanced with the event
     */
    public List<Featurized> featurize(UserState state, Observation o, Traits traits) {
        return featurize(state, o, traits, model -> true);
    }

    /** The same for those models alone that are wanted. */
    public List<Featurized> featurize(UserState state, Observation o, Traits traits, Predicate<ModelVersion> wanted) {
        List<Featurized> all = new ArrayList<>();
        for (Candidate candidate : byName.getOrDefault(o.name(), ofOtherNames)) {
            if (takes(candidate, o) && wanted.test(candidate.model())) {
                all.add(new Featurized(candidate.model(), plan.inputs(candidate.model(), state, o, traits)));
            }
        }
        return all;
    }

    private static boolean takes(Candidate candidate, Observation o) {
        return candidate.sources().isEmpty()
                || candidate.sources().contains(o.event().source().name());
    }
}
