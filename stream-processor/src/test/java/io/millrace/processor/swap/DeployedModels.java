package io.millrace.processor.swap;

import io.millrace.identity.ModelVersion;
import io.millrace.identity.Sha256;
import io.millrace.model.Deployment;
import io.millrace.model.Manifest;
import io.millrace.model.RegisteredVersion;
import io.millrace.processor.model.Catalog;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelRefusedException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A catalog that a test changes: versions of the shipped purchase-intent. Thread-safe. */
public final class DeployedModels implements Catalog {
    public static final String NAME = ModelFiles.PURCHASE_INTENT;

    private final Map<ModelVersion, ModelFiles> files = new HashMap<>();
    private final Map<ModelVersion, RegisteredVersion> versions = new HashMap<>();
    private final Map<String, Deployment> deployments = new HashMap<>();
    private final List<Consumer<Content>> listeners = new CopyOnWriteArrayList<>();
    private final List<String> withdrawn = new CopyOnWriteArrayList<>();

    /** Registers the shipped model under another version. */
    public void register(String version) throws ModelRefusedException {
        ModelFiles shipped = ModelFiles.shipped(NAME);
        register(manifest(version, shipped.manifest().kind(), shipped.artifact()), shipped.artifact());
    }

    /** The shipped manifest around another artifact. */
    static Manifest manifest(String version, Manifest.Kind kind, byte[] artifact) throws ModelRefusedException {
        Manifest m = ModelFiles.shipped(NAME).manifest();
        return new Manifest(
                new ModelVersion(NAME, version),
                kind,
                m.artifact(),
                Sha256.of(artifact),
                m.selects(),
                m.features(),
                m.sequence(),
                m.inputs(),
                m.output(),
                m.label(),
                m.threshold(),
                kind == Manifest.Kind.DJL ? m.network() : null,
                m.outcome(),
                m.reference(),
                m.provenance());
    }

    /** Registers what may be no model at all. */
    public synchronized void register(Manifest manifest, byte[] artifact) throws ModelRefusedException {
        files.put(manifest.model(), ModelFiles.of(manifest, artifact));
        versions.put(
                manifest.model(),
                new RegisteredVersion(manifest, "", artifact.length, 1, 0, "test", Instant.EPOCH, null));
    }

    /** The champion before becomes the previous one. */
    public void deploy(String champion, Deployment.@Nullable Canary canary, List<String> shadows) {
        synchronized (this) {
            Deployment before = deployments.get(NAME);
            deployments.put(
                    NAME,
                    new Deployment(
                            NAME,
                            before == null ? 1 : before.revision() + 1,
                            champion,
                            canary,
                            shadows,
                            before == null ? null : before.champion(),
                            "test",
                            Instant.EPOCH,
                            null));
        }
        tell();
    }

    private void tell() {
        Content content = content();
        listeners.forEach(listener -> listener.accept(content));
    }

    /** The reasons of all withdrawals. */
    public List<String> withdrawn() {
        return withdrawn;
    }

    @Override
    public synchronized Content content() {
        return new Content(deployments, versions);
    }

    @Override
    public void onChange(Consumer<Content> listener) {
        listeners.add(listener);
    }

    @Override
    public synchronized ModelFiles files(ModelVersion version) throws ModelRefusedException {
        ModelFiles found = files.get(version);
        if (found == null) {
            throw new ModelRefusedException(version + " is not registered");
        }
        return found;
    }

    @Override
    public void withdraw(ModelVersion version, String reason) {
        withdrawn.add(reason);
        synchronized (this) {
            Deployment before = deployments.get(version.name());
            if (before == null) {
                return;
            }
            boolean isCanary =
                    before.canary() != null && before.canary().version().equals(version.version());
            deployments.put(
                    version.name(),
                    new Deployment(
                            before.name(),
                            before.revision() + 1,
                            before.champion(),
                            isCanary ? null : before.canary(),
                            before.shadows().stream()
                                    .filter(shadow -> !shadow.equals(version.version()))
                                    .toList(),
                            before.previous(),
                            "millrace",
                            Instant.EPOCH,
                            reason));
        }
        tell();
    }
}
