package io.millrace.processor.registry;

import io.millrace.model.Deployment;
import io.millrace.model.Manifest;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the models that a processor brings along, those of a directory of the operator's or those that come with
 * Millrace, and deploys them where nothing of their name was ever deployed. A newer version of a model that is deployed is
 * registered and waits for somebody to deploy it.
 */
public final class Seeding {
    private static final Logger log = LoggerFactory.getLogger(Seeding.class);

    private Seeding() {}

    /**
     * Seeds; where all is there already it writes nothing.
     *
     * @throws ModelRefusedException if one of the models does not pass
     * @throws RegistryException if one of the directory is registered with other bytes, or the broker does not answer
     */
    public static void plant(ModelRegistry registry, Optional<Path> directory, ModelLimits limits)
            throws ModelRefusedException, RegistryException, IOException, InterruptedException {
        if (directory.isEmpty()) {
            plant(registry, shipped());
            return;
        }
        for (Candidate candidate : own(directory.get(), limits)) {
            registry.register(candidate, Deployments.MILLRACE, false);
            deploy(registry, candidate.files().manifest());
        }
    }

    /**
     * Seeds models that were tried out where they were made, and by the tests of this program. One whose version is
     * registered with other bytes, by another build of Millrace, stays as it is registered: that is no reason for scoring
     * to stop.
     *
     * @throws RegistryException if the broker does not answer
     */
    public static void plant(ModelRegistry registry, List<Candidate> tried)
            throws ModelRefusedException, RegistryException, InterruptedException {
        for (Candidate candidate : tried) {
            try {
                registry.store(candidate, Deployments.MILLRACE);
            } catch (RegistryException e) {
                if (e.kind() != RegistryException.Kind.EXISTS) {
                    throw e;
                }
                log.warn("The registered version stays: {}", e.sentence());
            }
            deploy(registry, candidate.files().manifest());
        }
    }

    private static void deploy(ModelRegistry registry, Manifest manifest)
            throws RegistryException, InterruptedException {
        String name = manifest.model().name();
        if (registry.content().deployments().containsKey(name)) {
            return;
        }
        try {
            registry.deploy(
                    name,
                    OptionalLong.of(0),
                    manifest.model().version(),
                    null,
                    List.of(),
                    Deployments.MILLRACE,
                    "the first of its name");
        } catch (RegistryException e) {
            // Another processor, which starts at the same time, was first.
            Deployment there = registry.content().deployments().get(name);
            if (there == null) {
                throw e;
            }
        }
    }

    private static List<Candidate> shipped() throws ModelRefusedException {
        List<Candidate> found = new ArrayList<>();
        for (String name : ModelFiles.shippedNames()) {
            found.add(Candidate.shipped(name));
        }
        return found;
    }

    private static List<Candidate> own(Path directory, ModelLimits limits) throws ModelRefusedException, IOException {
        if (!Files.isDirectory(directory)) {
            throw new ModelRefusedException("processor.models-dir " + directory + ": expected a directory");
        }
        List<Candidate> found = new ArrayList<>();
        try (Stream<Path> children = Files.list(directory)) {
            for (Path model : children.filter(child -> Files.exists(child.resolve(Manifest.FILE_NAME)))
                    .sorted()
                    .toList()) {
                found.add(Candidate.read(model, limits));
            }
        }
        if (found.isEmpty()) {
            throw new ModelRefusedException("processor.models-dir " + directory + ": expected a folder with "
                    + Manifest.FILE_NAME + " for each model, found none");
        }
        return found;
    }
}
