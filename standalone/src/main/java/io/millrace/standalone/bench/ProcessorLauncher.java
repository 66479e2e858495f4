package io.millrace.standalone.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Starts what takes events, in a process of its own, with the same settings of Kafka's clients. */
final class ProcessorLauncher {
    /** What the name of a state directory ends with, after the application's id. */
    static final String STATE = "-state";

    private static final int HEAP_MEGABYTES = 1_024;

    private final Sitting sitting;
    private final BenchModels models;
    private final DeployedScorer deployed;

    ProcessorLauncher(Sitting sitting, BenchModels models) {
        this.sitting = sitting;
        this.models = models;
        this.deployed = new DeployedScorer(sitting.admin());
    }

    /**
     * Starts it.
     *
     * @param id of the application
     * @param more settings of a processor
     */
    Child start(Variant variant, Guarantee guarantee, String id, Map<String, String> more)
            throws BenchFailedException, IOException, InterruptedException {
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
        deployed.become(variant.scorer());
        Map<String, String> settings = settings(variant, guarantee, id, state);
        settings.putAll(more);
        return Child.start(sitting.folders(), id, HEAP_MEGABYTES, settings, MillraceMain.class.getName(), "processor");
    }

    /**
     * Starts one of several instances, held to a core of its own by taskset, which Linux has.
     *
     * @param id of the application
     */
    Child startOn(int core, String id) throws BenchFailedException, IOException, InterruptedException {
        deployed.become(Variant.FULL.scorer());
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
        settings.put(
                "MILLRACE_PROCESSOR_MODELS_DIR", models.folder(variant.scorer()).toString());
        settings.put("MILLRACE_PROCESSOR_GUARANTEE", guarantee.ofMillrace());
        settings.put("MILLRACE_PROCESSOR_HTTP_PORT", "0");
        settings.put("MILLRACE_PROCESSOR_GRPC_PORT", "0");
        settings.put("MILLRACE_POSTGRES_URL", Sitting.NO_DATABASE);
        return settings;
    }
}
