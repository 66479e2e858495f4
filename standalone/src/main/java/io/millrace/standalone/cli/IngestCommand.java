package io.millrace.standalone.cli;

import io.millrace.config.Settings;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestConfig;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.run.StandaloneKeys;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "ingest",
        description = "Runs the door alone, with any Kafka 3.9+ and PostgreSQL 14+.",
        mixinStandardHelpOptions = true)
final class IngestCommand implements Callable<Integer> {
    @Mixin
    private final ServiceOptions options = new ServiceOptions();

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = Settings.gather(options.file(), System.getenv(), options.flags(), StandaloneKeys.EVERY);
        Logs.start(LogConfig.from(settings, Ingest.SERVICE, LogConfig.Reader.COLLECTOR));
        IngestConfig config = IngestConfig.from(settings);
        settings.check();
        try (Ending ending = new Ending();
                Ingest ingest = Ingest.start(config, List.of())) {
            // Standard output is the log's.
            System.err.println("Listening on http://" + config.http().host() + ":" + ingest.port());
            ending.await();
        }
        return 0;
    }
}
