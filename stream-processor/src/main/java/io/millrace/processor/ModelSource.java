package io.millrace.processor;

import io.millrace.codec.DecodeException;
import io.millrace.codec.ManifestCodec;
import io.millrace.model.Manifest;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the models that score come from: a directory of the operator's, or the one that ships with Millrace. */
final class ModelSource {
    private static final String SHIPPED = "/io/millrace/models/purchase-intent/";

    private ModelSource() {}

    /** Reads a file of a model by its name. */
    @FunctionalInterface
    private interface ModelDirectory {
        byte[] read(String name) throws IOException;
    }

    /**
     * Loads every model and tries it out; the caller closes them.
     *
     * @throws ModelRefusedException if one cannot be used; none is left open then
     */
    static List<LoadedModel> load(Optional<Path> directory, ModelLimits limits)
            throws ModelRefusedException, IOException {
        List<LoadedModel> loaded = new ArrayList<>();
        boolean complete = false;
        try {
            if (directory.isEmpty()) {
                loaded.add(load("the shipped model", ModelSource::shipped, limits));
            } else {
                for (Path model : modelDirectories(directory.get())) {
                    loaded.add(load(model.toString(), name -> read(model.resolve(name), limits), limits));
                }
            }
            complete = true;
            return loaded;
        } finally {
            if (!complete) {
                loaded.forEach(LoadedModel::close);
            }
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
                throw new ModelRefusedException("processor.models-dir " + directory + ": expected a directory with "
                        + Manifest.FILE_NAME + " for each model, found none");
            }
            return models;
        }
    }

    private static LoadedModel load(String place, ModelDirectory files, ModelLimits limits)
            throws ModelRefusedException, IOException {
        Manifest manifest;
        try {
            manifest = ManifestCodec.read(files.read(Manifest.FILE_NAME));
        } catch (DecodeException e) {
            throw new ModelRefusedException(place + "/" + Manifest.FILE_NAME + ": " + e.getMessage(), e);
        }
        try {
            return LoadedModel.load(ModelFiles.of(manifest, files.read(manifest.artifact())), limits);
        } catch (NoSuchFileException e) {
            throw new ModelRefusedException(place + ": artifact " + manifest.artifact() + " is not there", e);
        }
    }

    /** Looks at the size before it reads: a file that is too large would take the heap with it. */
    private static byte[] read(Path file, ModelLimits limits) throws IOException {
        long size = Files.size(file);
        if (size > limits.largestArtifact()) {
            throw new IOException(file + " is too big: " + size + " bytes, expected at most " + limits.largestArtifact()
                    + " (processor.model-max-bytes)");
        }
        return Files.readAllBytes(file);
    }

    private static byte[] shipped(String name) throws IOException {
        try (InputStream in = ModelSource.class.getResourceAsStream(SHIPPED + name)) {
            if (in == null) {
                throw new NoSuchFileException(SHIPPED + name);
            }
            return in.readAllBytes();
        }
    }
}
