package io.millrace.processor.score;

import io.millrace.event.Event;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.UserKey;
import io.millrace.model.Manifest;
import io.millrace.prediction.Role;
import io.millrace.processor.enrich.Enricher;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.featurize.Featurized;
import io.millrace.processor.featurize.Featurizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The models that score together at one time: which there are, who gets which, and the features of all of them. A change
 * is another generation with a greater number. Immutable and safe for all threads.
 */
public final class Generation {
    private final long number;
    private final Map<String, Route> routes = new LinkedHashMap<>();
    private final Map<ModelVersion, ActiveModel> models = new LinkedHashMap<>();
    private final List<Manifest> standby;
    private final UserSteps steps;

    /**
     * Compiles the features of all versions in one plan.
     *
     * @param number greater than that of the generation before
     * @param routes one a model
     * @param standby versions that do not score but to which a rollback returns: their features stay in the users' states
     * @param lateness how much older than its user's newest event an event may be and still change the state
     * @throws IllegalArgumentException if a feature cannot be computed as declared
     */
    public Generation(long number, List<Route> routes, List<Manifest> standby, Duration lateness) {
        this.number = number;
        this.standby = List.copyOf(standby);
        for (Route route : routes) {
            if (this.routes.put(route.name(), route) != null) {
                throw new IllegalArgumentException(route.name() + ": expected one route a model");
            }
            route.models().forEach(model -> models.put(model.version(), model));
        }
        List<Manifest> scored =
                models.values().stream().map(ActiveModel::manifest).toList();
        List<Manifest> kept = new ArrayList<>(scored);
        standby.stream()
                .filter(manifest -> !models.containsKey(manifest.model()))
                .forEach(kept::add);
        FeaturePlan plan = FeaturePlan.compile(kept, lateness);
        this.steps = new UserSteps(new Enricher(), plan, new Featurizer(plan, scored));
    }

    /** Increases from one to the next. */
    public long number() {
        return number;
    }

    /** Those that score, a model's champion before its canary before its shadows. */
    public List<ActiveModel> models() {
        return List.copyOf(models.values());
    }

    /** How each model's events are scored, by its name. */
    public Map<String, Route> routes() {
        return Collections.unmodifiableMap(routes);
    }

    /** Those whose features are kept without scoring. */
    public List<Manifest> standby() {
        return standby;
    }

    /** How a model's events are scored. */
    public Optional<Route> route(String model) {
        return Optional.ofNullable(routes.get(model));
    }

    /** What the models are told, and what is kept of users for it. */
    public UserSteps steps() {
        return steps;
    }

    /** The version of a model that a user gets. */
    public Optional<ActiveModel> main(String model, UserKey user) {
        return route(model).map(route -> route.main(user));
    }

    ActiveModel model(ModelVersion version) {
        return Objects.requireNonNull(models.get(version), "the plan scores these models alone");
    }

    /** Takes an event, with inputs for those versions that score this user's events, as {@link UserSteps#take} does. */
    UserSteps.Step take(UserValue known, Event event) {
        UserKey user = event.user();
        return steps.take(known, event, version -> scores(model(version), user));
    }

    /**
     * Inputs for an event that was taken before, for those that count: a shadow has had its turn.
     *
     * @param name of the one model that is to score it, whichever version does now; null for all models
     */
    List<Featurized> again(UserKey user, byte @Nullable [] stored, Event event, @Nullable String name) {
        return steps.again(user, stored, event, version -> {
            ActiveModel model = model(version);
            return (name == null || version.name().equals(name)) && model.role() != Role.SHADOW && scores(model, user);
        });
    }

    private boolean scores(ActiveModel model, UserKey user) {
        return switch (model.role()) {
            case CHAMPION -> true;
            case CANARY ->
                Objects.requireNonNull(routes.get(model.version().name())).hasCanary(user);
            case SHADOW -> !model.isStopped();
        };
    }
}
