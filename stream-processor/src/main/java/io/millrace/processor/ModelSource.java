package io.millrace.processor;

import io.millrace.model.Manifest;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.TrialProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the models that score come from: a directory of the operator's, or the one that ships with Millrace. */
final class ModelSource {
    private ModelSource() {}

    /**
     * Loads every model and tries it out; the caller closes them.
     *
     * @throws ModelRefusedException if one cannot be used; none is left open then
     */
    static List<LoadedModel> load(Optional<Path> directory, ModelLimits limits)
            throws ModelRefusedException, IOException {
        List<ModelFiles> found = new ArrayList<>();
        if (directory.isEmpty()) {
            found.add(ModelFiles.shipped(ModelFiles.PURCHASE_INTENT));
        } else {
            for (Path model : modelDirectories(directory.get())) {
                ModelFiles files = ModelFiles.read(model, limits);
                TrialProcess.check(files, limits);
                found.add(files);
            }
        }
        List<LoadedModel> loaded = new ArrayList<>();
        try {
            for (ModelFiles files : found) {
                loaded.add(LoadedModel.load(files, limits));
            }
            return loaded;
        } catch (ModelRefusedException e) {
            loaded.forEach(LoadedModel::close);
            throw e;
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
