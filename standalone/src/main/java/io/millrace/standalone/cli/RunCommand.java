package io.millrace.standalone.cli;

import io.millrace.ingest.IngestKeys;
import io.millrace.ingest.receive.mqtt.MqttKeys;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.data.DataFolder;
import io.millrace.standalone.run.Demo;
import io.millrace.standalone.run.Given;
import io.millrace.standalone.run.Standalone;
import io.millrace.standalone.run.StandaloneKeys;
import io.millrace.standalone.run.Steps;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = {
            "Runs everything in one process: Kafka, PostgreSQL, stream-processor and ingest-api, on loopback.",
            "Ctrl-C drains and stops it. Ports: 0 picks a free one."
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Mixin
    private final ServiceOptions options = new ServiceOptions();

    @Option(names = "--port", paramLabel = "N", description = "Port of the HTTP API; default 8080.")
    private @Nullable Integer port;

    @Option(
            names = "--mqtt-port",
            paramLabel = "N",
            description =
                    "Listens for devices that speak MQTT, on this port; 1883 is usual. Without it no device is served.")
    private @Nullable Integer mqttPort;

    @Option(names = "--kafka-port", paramLabel = "N", description = "Port of Kafka; default 9092.")
    private @Nullable Integer kafkaPort;

    @Option(names = "--postgres-port", paramLabel = "N", description = "Port of PostgreSQL; default 5432.")
    private @Nullable Integer postgresPort;

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder; default ${DEFAULT-VALUE}.")
    private Path data = Path.of("data");

    @Option(names = "--demo", description = "Simulates shoppers, so that there is something to see.")
    private boolean demo;

    @Override
    public Integer call() throws Exception {
        Given given = new Given(options.file(), System.getenv(), flags());
        Path logs = DataFolder.logs(data.toAbsolutePath().normalize());
        Logs.start(LogConfig.from(given.with(Map.of()), "standalone", LogConfig.Reader.USER_OF_ALL)
                .orFile(logs.resolve("millrace.log")));
        try (Ending ending = new Ending();
                DataFolder folder = DataFolder.take(data)) {
            System.out.println("Starting Millrace on " + folder.path());
            try (Standalone millrace = Standalone.start(folder, given, Steps.onStandardOutput());
                    Demo shoppers = demo ? Demo.start(millrace.credentials()) : Demo.NONE) {
                System.out.print(Banner.text(millrace, folder, shoppers.isRunning()));
                ending.await();
                System.out.println("Draining and stopping ...");
            }
            System.out.println("Stopped.");
        }
        return 0;
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new HashMap<>(options.flags());
        put(flags, IngestKeys.PORT.path(), port);
        if (mqttPort != null) {
            flags.put(MqttKeys.ENABLED.path(), "true");
        }
        put(flags, MqttKeys.PORT.path(), mqttPort);
        put(flags, StandaloneKeys.KAFKA_PORT.path(), kafkaPort);
        put(flags, StandaloneKeys.POSTGRES_PORT.path(), postgresPort);
        return flags;
    }

    private static void put(Map<String, String> flags, String path, @Nullable Integer value) {
        if (value != null) {
            flags.put(path, value.toString());
        }
    }
}
