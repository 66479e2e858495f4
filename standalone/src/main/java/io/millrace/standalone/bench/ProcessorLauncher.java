package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.model.Manifest;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts what takes events, in a process of its own, with the same settings of Kafka's clients. */
final class ProcessorLauncher {
    /** What the name of a state directory ends with, after the application's id. */
    static final String STATE = "-state";

    private static final int HEAP_MEGABYTES = 1_024;
    private static final String RECURRENT = "automation";
    private static final String SELECTED = "- product_viewed\n  - product_added";

    private final Sitting sitting;
    private final Path models;
    private final Path recurrent;
    private final ModelFiles files;

    /** @param model a directory with the model that scores; null for one that comes with Millrace */
    ProcessorLauncher(Sitting sitting, @Nullable Path model) throws BenchFailedException, IOException {
        this.sitting = sitting;
        this.models = sitting.folder().resolve("models");
        this.recurrent = sitting.folder().resolve("models-recurrent");
        try {
            writeRecurrent(recurrent);
            if (model == null) {
                files = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
                write(ModelFiles.shippedManifest(ModelFiles.PURCHASE_INTENT));
            } else {
                files = ModelFiles.read(model, ModelLimits.DEFAULT);
                write(Files.readAllBytes(model.resolve(Manifest.FILE_NAME)));
            }
        } catch (ModelRefusedException e) {
            throw new BenchFailedException(String.valueOf(e.getMessage()));
        }
    }

    /** One model alone: with others an event is scored as many times. */
    private void write(byte[] manifest) throws IOException {
        Path folder =
                Files.createDirectories(models.resolve(files.manifest().model().name()));
        Files.write(folder.resolve(Manifest.FILE_NAME), manifest);
        Files.write(folder.resolve(files.manifest().artifact()), files.artifact());
    }

    /**
     * The recurrent model that comes with Millrace, told to look at a shop's events: they lack what it was trained on, which
     * makes its scores worthless and costs what others cost.
     */
    private static void writeRecurrent(Path folder) throws IOException, ModelRefusedException {
        ModelFiles shipped = ModelFiles.shipped(RECURRENT);
        String manifest = new String(ModelFiles.shippedManifest(RECURRENT), UTF_8).replace("- page_edited", SELECTED);
        Path model = Files.createDirectories(folder.resolve(RECURRENT));
        Files.writeString(model.resolve(Manifest.FILE_NAME), manifest);
        Files.write(model.resolve(shipped.manifest().artifact()), shipped.artifact());
    }

    /** Of the model that scores. */
    Manifest manifest() {
        return files.manifest();
    }

    /**
     * Starts it.
     *
     * @param id of the application
     * @param more settings of a processor
     */
    Child start(Variant variant, Guarantee guarantee, String id, Map<String, String> more) throws IOException {
        Path state = sitting.folder().resolve(id + STATE);
        if (!variant.isMillrace()) {
            return Child.start(
                    sitting.folders(),
                    id,
                    HEAP_MEGABYTES,
                    Map.of(),
                    TopologyMain.class.getName(),
                    variant.name().toLowerCase(Locale.ROOT),
                    sitting.bootstrap(),
                    id,
                    state.toString(),
                    guarantee.ofStreams(),
                    "50");
        }
        Map<String, String> settings = settings(variant, guarantee, id, state);
        settings.putAll(more);
        return Child.start(sitting.folders(), id, HEAP_MEGABYTES, settings, MillraceMain.class.getName(), "processor");
    }

    /**
     * Starts one of several instances, held to a core of its own by taskset, which Linux has.
     *
     * @param id of the application
     */
    Child startOn(int core, String id) throws IOException {
        String name = id + "-on-" + core;
        Map<String, String> settings = settings(
                Variant.FULL, Guarantee.EXACTLY_ONCE, id, sitting.folder().resolve(name + STATE));
        settings.put("MILLRACE_PROCESSOR_INSTANCE_ID", name);
        return Child.start(
                List.of("taskset", "--cpu-list", Integer.toString(core)),
                sitting.folders(),
                name,
                HEAP_MEGABYTES,
                settings,
                MillraceMain.class.getName(),
                "processor");
    }

    private Map<String, String> settings(Variant variant, Guarantee guarantee, String id, Path state) {
        Map<String, String> settings = new HashMap<>(variant.settings());
        settings.put("MILLRACE_KAFKA_BOOTSTRAP", sitting.bootstrap());
        settings.put("MILLRACE_PROCESSOR_APPLICATION_ID", id);
        settings.put("MILLRACE_PROCESSOR_STATE_DIR", state.toString());
        settings.put("MILLRACE_PROCESSOR_MODELS_DIR", (variant.isRecurrent() ? recurrent : models).toString());
        settings.put("MILLRACE_PROCESSOR_GUARANTEE", guarantee.ofMillrace());
        settings.put("MILLRACE_PROCESSOR_HTTP_PORT", "0");
        settings.put("MILLRACE_PROCESSOR_GRPC_PORT", "0");
        settings.put("MILLRACE_POSTGRES_URL", Sitting.NO_DATABASE);
        return settings;
    }
}
