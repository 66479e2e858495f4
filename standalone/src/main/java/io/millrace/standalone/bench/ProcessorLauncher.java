package io.millrace.standalone.bench;

import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Starts what takes events, in a process of its own, with the same settings of Kafka's clients. */
final class ProcessorLauncher {
    private static final int HEAP_MEGABYTES = 1_024;

    private final Sitting sitting;
    private final Path models;

    ProcessorLauncher(Sitting sitting) throws IOException {
        this.sitting = sitting;
        this.models = onlyModel(sitting.folder().resolve("models"));
    }

    /** The MLP alone: with the others an event is scored up to three times. */
    private static Path onlyModel(Path folder) throws IOException {
        Path model = Files.createDirectories(folder.resolve(ModelFiles.PURCHASE_INTENT));
        try {
            ModelFiles shipped = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
            Files.write(model.resolve("model.yaml"), ModelFiles.shippedManifest(ModelFiles.PURCHASE_INTENT));
            Files.write(model.resolve(shipped.manifest().artifact()), shipped.artifact());
        } catch (ModelRefusedException e) {
            throw new IllegalStateException("the shipped model is whole", e);
        }
        return folder;
    }

    /**
     * Starts it.
     *
     * @param id of the application
     */
    Child start(Variant variant, String id) throws IOException {
        Path state = sitting.folder().resolve(id + "-state");
        if (!variant.isMillrace()) {
            return Child.start(
                    sitting,
                    id,
                    HEAP_MEGABYTES,
                    Map.of(),
                    TopologyMain.class.getName(),
                    variant.name().toLowerCase(Locale.ROOT),
                    sitting.bootstrap(),
                    id,
                    state.toString(),
                    "exactly_once_v2",
                    "50");
        }
        Map<String, String> settings = new HashMap<>(variant.settings());
        settings.put("MILLRACE_KAFKA_BOOTSTRAP", sitting.bootstrap());
        settings.put("MILLRACE_PROCESSOR_APPLICATION_ID", id);
        settings.put("MILLRACE_PROCESSOR_STATE_DIR", state.toString());
        settings.put("MILLRACE_PROCESSOR_MODELS_DIR", models.toString());
        settings.put("MILLRACE_PROCESSOR_HTTP_PORT", "0");
        settings.put("MILLRACE_PROCESSOR_GRPC_PORT", "0");
        settings.put("MILLRACE_POSTGRES_URL", "jdbc:postgresql://127.0.0.1:1/nowhere");
        return Child.start(sitting, id, HEAP_MEGABYTES, settings, MillraceMain.class.getName(), "processor");
    }
}
