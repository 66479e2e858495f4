package io.millrace.standalone.cli;

import io.millrace.config.PostgresLogin;
import io.millrace.config.Settings;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.processor.store.StoreConfig;
import io.millrace.processor.store.StoreRebuild;
import io.millrace.standalone.data.Credentials;
import io.millrace.standalone.run.StandaloneKeys;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rebuild-store",
        description = "Writes the rows that the store has lost, from the topics predictions, shadow-predictions and"
                + " model-quality. The pipeline may run meanwhile. Killed at any moment, it goes on where it was when it"
                + " is run again.",
        mixinStandardHelpOptions = true)
final class RebuildStoreCommand implements Callable<Integer> {
    @Mixin
    private PipelineOptions pipeline = new PipelineOptions();

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Only predictions of events received at or after it, such as 2026-01-31T12:00:00Z; default all"
                            + " that the topics keep.")
    private @Nullable Instant from;

    @Option(names = "--dry-run", description = "Tells how much there is to read, and changes nothing.")
    private boolean dryRun;

    @Option(names = "--anew", description = "Begins at the beginning although an interrupted run was further.")
    private boolean anew;

    @Override
    public Integer call() throws Exception {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        StoreConfig config = config();
        try (StoreRebuild rebuild = new StoreRebuild(config, Clock.systemUTC())) {
            if (dryRun) {
                StoreRebuild.Progress plan = rebuild.plan(from);
                System.out.printf(
                        "%,d records of predictions are kept%s; %,d of them were read by an interrupted run.%n",
                        plan.total(), from == null ? "" : " from " + from + " on", anew ? 0 : plan.done());
                return 0;
            }
            run(rebuild);
            return 0;
        } catch (SQLException e) {
            throw new CommandFailedException(
                    "the store at " + config.postgres().url() + ": " + e.getMessage() + "; run it again to go on", e);
        } catch (KafkaException e) {
            throw new CommandFailedException(
                    "Kafka at " + config.bootstrap() + " does not answer: " + e.getMessage()
                            + "; run it again to go on",
                    e);
        }
    }

    private void run(StoreRebuild rebuild) throws SQLException {
        StoreRebuild.Progress done;
        try (Resumed progress = new Resumed()) {
            done = rebuild.run(from, anew, progress::at);
        }
        System.out.printf(
                "%,d rows were missing and are written; %,d records are older than the retention or of erased users,"
                        + " %,d are no predictions.%n",
                done.written(), done.passedOver(), done.refused());
    }

    /** The total is known at the first step. */
    private static final class Resumed implements AutoCloseable {
        private @Nullable Progress shown;

        void at(StoreRebuild.Progress now) {
            Progress bar = shown;
            if (bar == null) {
                bar = Progress.onStandardError("rebuilding", now.total());
                shown = bar;
            }
            bar.at(now.done(), String.format("%,d rows were missing", now.written()));
        }

        @Override
        public void close() {
            if (shown != null) {
                shown.close();
            }
        }
    }

    /** The data folder knows the database; otherwise it stands in the settings, as for the processor. */
    private StoreConfig config() {
        Map<String, String> flags = new HashMap<>(service.flags());
        String bootstrap = pipeline.bootstrap();
        flags.put("kafka.bootstrap", bootstrap);
        Credentials known = pipeline.credentials();
        Settings settings = Settings.gather(service.file(), System.getenv(), flags, StandaloneKeys.EVERY);
        StoreConfig config = StoreConfig.from(settings);
        settings.check();
        return known == null ? config : config.withPostgres(login(known.postgres()));
    }

    /** postgresql://user:password@host:port/database, as psql takes it. */
    private static PostgresLogin login(String uri) {
        URI parsed = URI.create(uri);
        String[] who = parsed.getUserInfo().split(":", 2);
        return new PostgresLogin(
                "jdbc:postgresql://" + parsed.getHost() + ":" + parsed.getPort() + parsed.getPath(), who[0], who[1]);
    }
}
