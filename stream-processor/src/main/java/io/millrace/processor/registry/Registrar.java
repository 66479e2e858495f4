package io.millrace.processor.registry;

import io.millrace.model.Manifest;
import io.millrace.model.RegisteredVersion;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.model.Catalog.Content;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.TrialProcess;
import io.millrace.processor.registry.ModelRegistry.Registration;
import io.millrace.processor.registry.RegistryException.Kind;
import io.millrace.processor.registry.Writer.Change;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes versions in: checks them, tries them out, writes them. Thread-safe. */
final class Registrar {
    private static final Logger log = LoggerFactory.getLogger(Registrar.class);

    private final RegistryConfig config;
    private final Trust trust;
    private final Writer writer;
    private final Supplier<Content> known;
    private final Clock clock;

    /**
     * Prepares.
     *
     * @param known what this processor has read
     * @param clock of whole milliseconds, as the topic keeps times
     */
    Registrar(RegistryConfig config, Trust trust, Writer writer, Supplier<Content> known, Clock clock) {
        this.config = config;
        this.trust = trust;
        this.writer = writer;
        this.known = known;
        this.clock = clock;
    }

    /** See {@link ModelRegistry#register}. */
    Registration register(Candidate candidate, String by, boolean dryRun)
            throws ModelRefusedException, RegistryException, InterruptedException {
        RegisteredVersion there = already(known.get(), candidate);
        if (there != null) {
            return new Registration(there, false);
        }
        check(candidate);
        TrialProcess.check(candidate.files(), config.limits());
        if (dryRun) {
            return new Registration(version(candidate, by, 0, clock.instant()), false);
        }
        return store(candidate, by);
    }

    /** Registers what needs no trial. */
    Registration store(Candidate candidate, String by)
            throws ModelRefusedException, RegistryException, InterruptedException {
        RegisteredVersion before = already(known.get(), candidate);
        if (before != null) {
            return new Registration(before, false);
        }
        Instant at = clock.instant();
        Registration done = writer.commit(now -> {
            RegisteredVersion there = already(now, candidate);
            if (there != null) {
                return Change.none(new Registration(there, false));
            }
            ModelFiles files = candidate.files();
            return new Change<>(
                    new Registration(version(candidate, by, 0, at), true),
                    new Writer.Artifact(files.manifest().sha256(), files.artifact()),
                    offset -> List.of(Records.version(version(candidate, by, offset, at))));
        });
        if (done.stored()) {
            Manifest manifest = candidate.files().manifest();
            log.atInfo()
                    .addKeyValue("model", manifest.model().toString())
                    .addKeyValue("sha256", manifest.sha256().hex())
                    .addKeyValue("by", by)
                    .log("Model registered");
        }
        return done;
    }

    /** The same version where it is registered; null where there is none of its name and version. */
    private static @Nullable RegisteredVersion already(Content now, Candidate candidate) throws RegistryException {
        Manifest wanted = candidate.files().manifest();
        RegisteredVersion there = now.versions().get(wanted.model());
        if (there == null) {
            return null;
        }
        if (!there.manifest().sha256().equals(wanted.sha256())) {
            throw new RegistryException(
                    Kind.EXISTS,
                    wanted.model() + " is registered with sha256 "
                            + there.manifest().sha256() + ", given " + wanted.sha256()
                            + ": a version never changes, give it another");
        }
        if (!there.manifest().equals(wanted)) {
            throw new RegistryException(
                    Kind.EXISTS,
                    wanted.model() + " is registered with another manifest: a version never changes, give it another");
        }
        return there;
    }

    private void check(Candidate candidate) throws ModelRefusedException {
        ModelFiles files = candidate.files();
        Manifest manifest = files.manifest();
        if (files.artifact().length > config.limits().largestArtifact()) {
            throw new ModelRefusedException(manifest.model() + ": artifact is too big: " + files.artifact().length
                    + " bytes, expected at most " + config.limits().largestArtifact());
        }
        trust.check(manifest, candidate.yaml(), candidate.signature());
        try {
            Objects.requireNonNull(FeaturePlan.compile(List.of(manifest), config.lateness()));
        } catch (IllegalArgumentException e) {
            throw new ModelRefusedException(manifest.model() + ": " + e.getMessage(), e);
        }
    }

    private static RegisteredVersion version(Candidate candidate, String by, long offset, Instant at) {
        ModelFiles files = candidate.files();
        int bytes = files.artifact().length;
        return new RegisteredVersion(
                files.manifest(),
                candidate.yaml(),
                bytes,
                ArtifactStore.chunks(bytes),
                offset,
                by,
                at,
                candidate.signature());
    }
}
