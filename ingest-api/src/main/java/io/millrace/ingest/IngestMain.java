package io.millrace.ingest;

import io.millrace.config.ConfigurationException;
import io.millrace.config.Settings;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs ingest-api alone, as the container image does; {@code millrace ingest} does the same with flags. */
public final class IngestMain {
    private IngestMain() {}

    /** Takes one argument at most, a YAML file; the environment wins over it. */
    public static void main(String[] args) {
        try {
            Ingest ingest = Ingest.start(configure(args.length == 0 ? null : Path.of(args[0])), List.of());
            Runtime.getRuntime().addShutdownHook(new Thread(ingest::close, "millrace-ingest-close"));
        } catch (ConfigurationException | IngestFailedException e) {
            System.err.println("millrace ingest does not start: " + e.getMessage());
            System.exit(1);
        }
    }

    private static IngestConfig configure(@Nullable Path file) {
        Settings settings = Settings.gather(file, System.getenv(), Map.of(), IngestKeys.ALL);
        Logs.start(LogConfig.from(settings, Ingest.SERVICE, LogConfig.Reader.COLLECTOR));
        IngestConfig config = IngestConfig.from(settings);
        settings.check();
        return config;
    }
}
