package io.millrace.processor.swap;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment;
import io.millrace.model.Deployment.Guardrails;
import io.millrace.model.Manifest;
import io.millrace.model.RegisteredVersion;
import io.millrace.prediction.Role;
import io.millrace.processor.model.Catalog;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Route;
import io.millrace.processor.score.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes generations of what is deployed. A version that cannot be used leaves its place: a champion's to the one that
 * served before, any other's to nobody. Used by one thread, but for {@link #refuse}.
 */
final class Assembly {
    private static final Logger log = LoggerFactory.getLogger(Assembly.class);

    private final Versions versions;
    private final Duration lateness;
    private final BiConsumer<ModelVersion, String> withdraw;
    private volatile Map<String, Deployment> deployed = Map.of();
    private long number;

    /** @param withdraw told, on stream threads, of a canary that left its guardrails */
    Assembly(Versions versions, Duration lateness, BiConsumer<ModelVersion, String> withdraw) {
        this.versions = versions;
        this.lateness = lateness;
        this.withdraw = withdraw;
    }

    /**
     * What a start begins with.
     *
     * @throws ModelRefusedException if a model is left without any version that can be its champion
     */
    Generation first(Catalog.Content content) throws ModelRefusedException {
        Generation first = generation(content, null);
        for (Deployment deployment : content.deployments().values()) {
            if (first.route(deployment.name()).isEmpty()) {
                throw new ModelRefusedException(
                        versions.why(new ModelVersion(deployment.name(), deployment.champion())));
            }
        }
        return first;
    }

    /** What comes after the present one; empty where it would be the same. */
    Optional<Generation> next(Catalog.Content content, Generation present) {
        Generation next = generation(content, present);
        if (next.routes().equals(present.routes()) && next.standby().equals(present.standby())) {
            return Optional.empty();
        }
        Set<ModelVersion> used = new HashSet<>();
        next.models().forEach(model -> used.add(model.version()));
        versions.keep(used);
        return Optional.of(next);
    }

    /** A thread cannot run it. Called on that thread. */
    void refuse(ModelVersion version, String why) {
        Deployment deployment = deployed.get(version.name());
        versions.refuse(version, deployment == null ? 0 : deployment.revision(), why);
    }

    private Generation generation(Catalog.Content content, @Nullable Generation present) {
        deployed = content.deployments();
        versions.forgive(deployed);
        List<Route> routes = new ArrayList<>();
        List<Manifest> standby = new ArrayList<>();
        new TreeMap<>(deployed).forEach((name, deployment) -> {
            Route before = present == null ? null : present.route(name).orElse(null);
            route(deployment, before).ifPresent(routes::add);
            standby(content, name, deployment.previous()).ifPresent(standby::add);
        });
        number++;
        return new Generation(number, routes, standby, lateness);
    }

    /** The features of what was refused may be what cannot be computed. */
    private Optional<Manifest> standby(Catalog.Content content, String name, @Nullable String version) {
        if (version == null || versions.isRefused(new ModelVersion(name, version))) {
            return Optional.empty();
        }
        return Optional.ofNullable(content.versions().get(new ModelVersion(name, version)))
                .map(RegisteredVersion::manifest);
    }

    /** Empty where no version can be champion. */
    private Optional<Route> route(Deployment deployment, @Nullable Route before) {
        ActiveModel champion = champion(deployment, before);
        if (champion == null) {
            return Optional.empty();
        }
        Deployment.Canary canary = deployment.canary();
        ActiveModel tried = canary == null || isOf(champion, canary.version())
                ? null
                : active(deployment, canary.version(), Role.CANARY, before);
        List<ActiveModel> shadows = new ArrayList<>();
        for (String version : deployment.shadows()) {
            ActiveModel shadow = isOf(champion, version) ? null : active(deployment, version, Role.SHADOW, before);
            if (shadow != null) {
                shadows.add(shadow);
            }
        }
        return Optional.of(new Route(champion, tried, canary == null ? 0 : canary.percent(), shadows));
    }

    private static boolean isOf(ActiveModel model, String version) {
        return model.version().version().equals(version);
    }

    /** What served before goes on where the new one cannot; at a start, the one before it steps in. */
    private @Nullable ActiveModel champion(Deployment deployment, @Nullable Route before) {
        ActiveModel champion = active(deployment, deployment.champion(), Role.CHAMPION, before);
        if (champion != null) {
            return champion;
        }
        if (before != null && !versions.isRefused(before.champion().version())) {
            return before.champion();
        }
        String previous = deployment.previous();
        return previous == null ? null : active(deployment, previous, Role.CHAMPION, null);
    }

    /** Null where the version cannot be used. */
    private @Nullable ActiveModel active(Deployment deployment, String version, Role role, @Nullable Route before) {
        ModelVersion model = new ModelVersion(deployment.name(), version);
        LoadedModel loaded = versions.find(model, deployment.revision(), role);
        if (loaded == null) {
            return null;
        }
        return switch (role) {
            case CHAMPION -> ActiveModel.champion(loaded);
            case CANARY, SHADOW -> new ActiveModel(loaded, role, watch(model, deployment, role, before));
        };
    }

    /** A version that keeps its role keeps what was counted of it. */
    private Watch watch(ModelVersion model, Deployment deployment, Role role, @Nullable Route before) {
        Optional<Guardrails> guardrails = Optional.ofNullable(deployment.canary())
                .filter(canary -> role == Role.CANARY)
                .map(Deployment.Canary::guardrails);
        if (before != null) {
            for (ActiveModel known : before.models()) {
                Watch watch = known.watch();
                if (watch != null
                        && known.version().equals(model)
                        && known.role() == role
                        && watch.guardrails().equals(guardrails)) {
                    return watch;
                }
            }
        }
        return guardrails
                .map(bounds -> Watch.canary(model, bounds, why -> withdraw.accept(model, why)))
                .orElseGet(() -> Watch.shadow(model, why -> shadowStopped(model, why)));
    }

    private static void shadowStopped(ModelVersion model, String why) {
        log.atWarn().addKeyValue("model", model.toString()).log("Shadow stopped: {}", why);
    }
}
