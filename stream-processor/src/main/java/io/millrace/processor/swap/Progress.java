package io.millrace.processor.swap;

import io.millrace.identity.ModelVersion;
import io.millrace.prediction.Role;
import io.millrace.processor.model.ModelState;
import io.millrace.processor.model.ModelState.Phase;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Generations;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far each version is on this instance. Thread-safe. */
final class Progress {
    private final Clock clock;
    private final Map<ModelVersion, ModelState> states = new LinkedHashMap<>();

    Progress(Clock clock) {
        this.clock = clock;
    }

    synchronized void to(ModelVersion version, @Nullable Role role, Phase phase, @Nullable String detail) {
        ModelState known = states.get(version);
        boolean same = known != null && known.phase() == phase && known.role() == role;
        if (!same || detail != null) {
            states.put(version, new ModelState(version, role, phase, detail, clock.instant()));
        }
    }

    /** Threads get ready for this generation; what is in none of its roles goes. */
    synchronized void published(Generation generation) {
        Set<ModelVersion> roles = new HashSet<>();
        for (ActiveModel model : generation.models()) {
            roles.add(model.version());
            ModelState known = states.get(model.version());
            boolean serves = known != null && known.phase() == Phase.SERVING;
            to(model.version(), model.role(), serves ? Phase.SERVING : Phase.WARMING, null);
        }
        List.copyOf(states.values()).forEach(state -> {
            boolean goes = !roles.contains(state.model()) && state.phase() != Phase.FAILED;
            if (goes) {
                to(state.model(), null, Phase.DRAINING, null);
            }
        });
    }

    /** No thread scores with an older generation any more. */
    synchronized void everywhere() {
        states.values().removeIf(state -> state.phase() == Phase.DRAINING);
        states.replaceAll((version, state) -> state.phase() == Phase.WARMING
                ? new ModelState(version, state.role(), Phase.SERVING, null, clock.instant())
                : state);
    }

    /** A version that failed is not asked for any more. */
    synchronized void forget(ModelVersion version) {
        states.remove(version);
    }

    /** As of now: a version that was stopped by its watch is so before the registry has taken it out of its role. */
    synchronized List<ModelState> states(Generations generations) {
        Map<ModelVersion, ModelState> now = new LinkedHashMap<>(states);
        for (ActiveModel model : generations.newest().models()) {
            String why = model.watch() == null ? null : model.watch().why().orElse(null);
            if (why != null) {
                now.put(
                        model.version(),
                        new ModelState(model.version(), model.role(), Phase.FAILED, why, clock.instant()));
            }
        }
        List<ModelState> all = new ArrayList<>(now.values());
        all.sort(Comparator.comparing(state -> state.model().toString()));
        return all;
    }
}
