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

/**
 * Registers the models that a processor brings along, those of a directory of the operator's or those that come with
 * Millrace, and deploys them where nothing of their name was ever deployed. A newer version of a model that is deployed is
 * registered and waits for somebody to deploy it.
 */
public final class Seeding {
    private Seeding() {}

    /**
     * Seeds; where all is there already it writes nothing.
     *
     * @throws ModelRefusedException if one of the models does not pass
     * @throws RegistryException if one is registered with other bytes, or the broker does not answer
     */
    public static void plant(ModelRegistry registry, Optional<Path> directory, ModelLimits limits)
            throws ModelRefusedException, RegistryException, IOException, InterruptedException {
        for (Candidate candidate : directory.isEmpty() ? shipped() : own(directory.get(), limits)) {
            if (directory.isEmpty()) {
                // Tried out where it was made, and by the tests of this program.
                registry.store(candidate, Deployments.MILLRACE);
            } else {
                registry.register(candidate, Deployments.MILLRACE, false);
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
