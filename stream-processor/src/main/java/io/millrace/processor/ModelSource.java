package io.millrace.processor;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment;
import io.millrace.model.Manifest;
import io.millrace.model.RegisteredVersion;
import io.millrace.processor.model.Catalog;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.TrialProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Where the models that score come from: a directory of the operator's, or the one that ships with Millrace. */
final class ModelSource {
    private ModelSource() {}

    /**
     * Reads every model and tries it out in a process of its own; each is its model's champion.
     *
     * @throws ModelRefusedException if one cannot be used
     */
    static Catalog read(Optional<Path> directory, ModelLimits limits) throws ModelRefusedException, IOException {
        Map<ModelVersion, ModelFiles> found = new HashMap<>();
        if (directory.isEmpty()) {
            ModelFiles files = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
            found.put(files.manifest().model(), files);
        } else {
            for (Path model : modelDirectories(directory.get())) {
                ModelFiles files = ModelFiles.read(model, limits);
                TrialProcess.check(files, limits);
                found.put(files.manifest().model(), files);
            }
        }
        return new Fixed(found);
    }

    /** What was there at the start. */
    private record Fixed(Map<ModelVersion, ModelFiles> found) implements Catalog {
        @Override
        public Content content() {
            Map<String, Deployment> deployments = new HashMap<>();
            Map<ModelVersion, RegisteredVersion> versions = new HashMap<>();
            found.forEach((version, files) -> {
                versions.put(
                        version,
                        new RegisteredVersion(
                                files.manifest(), "", files.artifact().length, 1, 0, "millrace", Instant.EPOCH, null));
                deployments.put(
                        version.name(),
                        new Deployment(
                                version.name(),
                                1,
                                version.version(),
                                null,
                                List.of(),
                                null,
                                "millrace",
                                Instant.EPOCH,
                                null));
            });
            return new Content(deployments, versions);
        }

        @Override
        public void onChange(Consumer<Content> listener) {
            // Nothing changes.
        }

        @Override
        public ModelFiles files(ModelVersion version) throws ModelRefusedException {
            ModelFiles files = found.get(version);
            if (files == null) {
                throw new ModelRefusedException(version + " is not registered");
            }
            return files;
        }

        @Override
        public void withdraw(ModelVersion version, String reason) {
            // Each is a champion, and nothing else.
        }
    }

    private static List<Path> modelDirectories(Path directory) throws ModelRefusedException, IOException {
        if (!Files.isDirectory(directory)) {
            throw new ModelRefusedException("processor.models-dir " + directory + ": expected a directory");
        }
        try (Stream<Path> children = Files.list(directory)) {
            List<Path> models = children.filter(child -> Files.exists(child.resolve(Manifest.FILE_NAME)))
                    .sorted()
                    .toList();
            if (models.isEmpty()) {
                throw new ModelRefusedException("processor.models-dir " + directory + ": expected a folder with "
                        + Manifest.FILE_NAME + " for each model, found none");
            }
            return models;
        }
    }
}
