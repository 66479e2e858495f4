package io.millrace.processor.swap;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment;
import io.millrace.prediction.Role;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.model.Catalog;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.ModelState.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that are loaded here, those that wait to be freed, and those that could not be used. Used by one thread,
 * but for {@link #refuse}.
 */
final class Versions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Versions.class);

    private final Catalog catalog;
    private final ModelLimits limits;
    private final Duration lateness;
    private final Progress progress;
    private final Map<ModelVersion, LoadedModel> loaded = new HashMap<>();
    private final List<LoadedModel> retired = new ArrayList<>();
    private final Map<ModelVersion, Refusal> refused = new ConcurrentHashMap<>();

    /** @param revision of the deployment that asked for it; another one tries again */
    private record Refusal(long revision, String why) {}

    Versions(Catalog catalog, ModelLimits limits, Duration lateness, Progress progress) {
        this.catalog = catalog;
        this.limits = limits;
        this.lateness = lateness;
        this.progress = progress;
    }

    /** Loads a version if need be; null where it cannot be used, and its state says why. */
    @Nullable
    LoadedModel find(ModelVersion version, long revision, Role role) {
        if (isRefused(version)) {
            return null;
        }
        LoadedModel known = loaded.get(version);
        if (known != null) {
            return known;
        }
        progress.to(version, role, Phase.LOADING, null);
        try {
            return load(version);
        } catch (ModelRefusedException e) {
            refuse(version, revision, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private LoadedModel load(ModelVersion version) throws ModelRefusedException {
        ModelFiles files = catalog.files(version);
        try {
            FeaturePlan.compile(List.of(files.manifest()), lateness);
        } catch (IllegalArgumentException e) {
            throw new ModelRefusedException(version + ": " + e.getMessage(), e);
        }
        LoadedModel model = LoadedModel.load(files, limits);
        loaded.put(version, model);
        log.atInfo()
                .addKeyValue("model", version.toString())
                .addKeyValue("sha256", files.manifest().sha256().hex())
                .log("Model loaded");
        return model;
    }

    /** It cannot be used; stream threads may say so too. */
    void refuse(ModelVersion version, long revision, String why) {
        refused.put(version, new Refusal(revision, why));
        progress.to(version, null, Phase.FAILED, why);
        log.atWarn().addKeyValue("model", version.toString()).log("Version refused: {}", why);
    }

    boolean isRefused(ModelVersion version) {
        return refused.containsKey(version);
    }

    /** Why a version cannot be used. */
    String why(ModelVersion version) {
        Refusal refusal = refused.get(version);
        return refusal == null ? version + " is not registered" : refusal.why();
    }

    /** What was refused is tried again when its model is deployed anew. */
    void forgive(Map<String, Deployment> deployments) {
        refused.entrySet().removeIf(entry -> {
            Deployment deployment = deployments.get(entry.getKey().name());
            boolean again = deployment == null
                    || deployment.revision() != entry.getValue().revision();
            if (again) {
                progress.forget(entry.getKey());
            }
            return again;
        });
    }

    /** What is not among these waits to be freed. */
    void keep(Set<ModelVersion> used) {
        loaded.entrySet().removeIf(entry -> {
            boolean unused = !used.contains(entry.getKey());
            if (unused) {
                retired.add(entry.getValue());
            }
            return unused;
        });
    }

    /** Lets go of it; whoever still holds a scorer of it keeps it until that is closed. */
    void freeRetired() {
        retired.forEach(LoadedModel::close);
        retired.clear();
    }

    @Override
    public void close() {
        freeRetired();
        loaded.values().forEach(LoadedModel::close);
        loaded.clear();
    }
}
