package io.millrace.standalone.run;

import io.millrace.config.Exposure;
import io.millrace.config.Key;
import io.millrace.config.Settings;
import io.millrace.config.SharedKeys;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestKeys;
import io.millrace.processor.ProcessorConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user set, before anything is started.
 *
 * @param file a settings file, or null
 * @param flags by path
 */
public record Given(@Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
    /** Where the embedded parts are is known only when they run. */
    private static final List<Key<?>> OURS = List.of(
            SharedKeys.KAFKA_BOOTSTRAP,
            SharedKeys.POSTGRES_URL,
            SharedKeys.POSTGRES_USER,
            SharedKeys.POSTGRES_PASSWORD);

    public Given {
        environment = Map.copyOf(environment);
        flags = Map.copyOf(flags);
    }

    /**
     * Checks every setting of every part, so that a wrong one is told before anything is started.
     *
     * @throws io.millrace.config.ConfigurationException with all errors
     */
    Settings check() {
        Settings settings = Settings.gather(file, environment, flags, StandaloneKeys.EVERY);
        IngestConfig.from(settings);
        ProcessorConfig.from(settings);
        StandaloneKeys.ALL.forEach(settings::get);
        boolean isOwnSecret = settings.get(IngestKeys.JWT_SECRET).isEmpty();
        if (isOwnSecret
                && !settings.get(SharedKeys.ALLOW_INSECURE)
                && !Exposure.isLoopback(settings.get(IngestKeys.HOST))) {
            settings.error(IngestKeys.JWT_SECRET.path() + ": none is given, and the one that `millrace run` makes for"
                    + " development signs tokens of every role; expected one of your own where others reach the door, or "
                    + SharedKeys.ALLOW_INSECURE.path() + "=true");
        }
        for (Key<?> key : OURS) {
            if (settings.isGiven(key)) {
                settings.error(key.path() + ": `millrace run` brings its own broker and database; with others, run"
                        + " `millrace ingest` and `millrace processor`");
            }
        }
        settings.check();
        return settings;
    }

    /** The settings with what is known now; it wins over what was given. */
    public Settings with(Map<String, String> known) {
        Map<String, String> all = new HashMap<>(flags);
        all.putAll(known);
        return Settings.gather(file, environment, all, StandaloneKeys.EVERY);
    }
}
