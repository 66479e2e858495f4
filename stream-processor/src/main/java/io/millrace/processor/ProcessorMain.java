package io.millrace.processor;

import io.millrace.config.ConfigurationException;
import io.millrace.config.Key;
import io.millrace.config.Settings;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.meter.ProcessRegistry;
import io.millrace.processor.observe.ObserveServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stream processor as a process of its own: settings, parts, probes; then it waits for the signal to end. */
public final class ProcessorMain {
    private static final Logger log = LoggerFactory.getLogger(ProcessorMain.class);

    private ProcessorMain() {}

    /** @param arguments none, or the path of a settings file */
    public static void main(String[] arguments) {
        Path file = arguments.length == 0 ? null : Path.of(arguments[0]);
        System.exit(run(file, Map.of(), System.getenv(), ProcessorKeys.ALL));
    }

    /**
     * Runs until the process is told to end.
     *
     * @param file settings, or null
     * @param flags settings that win over the file and the environment
     * @param known every key that may be given; more than the processor's where the file is shared with other programs
     * @return the exit status: 0 after a clean end, 1 if the start failed
     */
    public static int run(
            @Nullable Path file,
            Map<String, String> flags,
            Map<String, String> environment,
            List<? extends Key<?>> known) {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        try {
            Settings settings = Settings.gather(file, environment, flags, known);
            Logs.start(LogConfig.from(settings, Processor.SERVICE, LogConfig.Reader.COLLECTOR));
            ProcessorConfig config = ProcessorConfig.from(settings);
            settings.check();
            try (ProcessRegistry meters = new ProcessRegistry();
                    Processor processor = Processor.start(config, meters.registry());
                    ObserveServer server = ObserveServer.start(
                            config.httpHost(), config.httpPort(), meters.registry(), processor::health)) {
                log.atInfo().addKeyValue("port", server.port()).log("The stream processor has started");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitEnd(told, stopped), "shutdown"));
                told.await();
                log.info("The stream processor is closing");
            }
            return 0;
        } catch (ConfigurationException e) {
            e.errors().forEach(error -> log.error("Wrong setting: {}", error));
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } catch (Exception e) {
            log.error("The stream processor could not start: {}", e.getMessage());
            log.debug("The cause", e);
            return 1;
        } finally {
            stopped.countDown();
        }
    }

    /** In the JVM's shutdown hook: the JVM may end once the parts have closed. */
    private static void awaitEnd(CountDownLatch told, CountDownLatch stopped) {
        told.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
