package io.millrace.standalone.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The Kafka broker of a standalone Millrace: one KRaft node, broker and controller, inside this JVM, on the loopback
 * address. It keeps its data across restarts and crashes of the process; as any single broker it has no second copy.
 *
 * <p>Thread-safe once started; whoever starts it closes it, after the clients.
 */
public final class EmbeddedBroker implements AutoCloseable {
    /** The release that last wrote a data folder; Kafka takes data of older releases, not of newer ones. */
    private static final String RELEASE_FILE = "kafka.version";

    private static final int NODE_ID = 1;

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts the broker and returns once it serves; a new data folder is formatted first.
     *
     * @param port 0 for a free one
     * @throws StartFailedException if the port is taken, or the data folder is of a newer release or cannot be used
     */
    public static EmbeddedBroker start(Path dataDir, int port) {
        int taken = Ports.claim(port, "Kafka", "--kafka-port");
        Path folder = dataDir.toAbsolutePath();
        try {
            Files.createDirectories(folder);
            refuseNewerRelease(folder);
            if (!Files.exists(folder.resolve("meta.properties"))) {
                format(folder);
            }
            Files.writeString(folder.resolve(RELEASE_FILE), AppInfoParser.getVersion());
        } catch (IOException e) {
            throw new StartFailedException("The Kafka data folder " + folder + " cannot be used: " + e.getMessage(), e);
        }
        KafkaRaftServer server = null;
        try {
            server = new KafkaRaftServer(
                    new KafkaConfig(configuration(folder, taken, Ports.free()), false), Time.SYSTEM);
            server.startup();
            return new EmbeddedBroker(server, taken);
        } catch (RuntimeException e) {
            if (server != null) {
                server.shutdown();
            }
            throw new StartFailedException(
                    "Kafka did not start on port " + taken + " with the data in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Where clients connect. */
    public String bootstrap() {
        return Ports.LOOPBACK + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Stops the broker and waits until its data is on disk. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void refuseNewerRelease(Path folder) throws IOException {
        Path file = folder.resolve(RELEASE_FILE);
        if (!Files.exists(file)) {
            return;
        }
        String written = Files.readString(file, StandardCharsets.UTF_8).strip();
        String running = AppInfoParser.getVersion();
        if (Release.parse(written).isAfter(Release.parse(running))) {
            throw new StartFailedException(
                    "The data in " + folder + " was written by Kafka " + written + ", this Millrace brings Kafka "
                            + running + ": run a newer Millrace or give another --data folder.");
        }
    }

    private static void format(Path folder) {
        Formatter formatter = new Formatter();
        formatter.setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        formatter.setNodeId(NODE_ID);
        formatter.setClusterId(Uuid.randomUuid().toString());
        formatter.setDirectories(List.of(folder.toString()));
        formatter.setMetadataLogDirectory(folder.toString());
        formatter.setControllerListenerName("CONTROLLER");
        formatter.setReleaseVersion(MetadataVersion.latestProduction());
        try {
            formatter.run();
        } catch (Exception e) {
            throw new StartFailedException(
                    "The Kafka data folder " + folder + " cannot be formatted: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> configuration(Path folder, int port, int controllerPort) {
        String client = "CLIENT://" + Ports.LOOPBACK + ":" + port;
        String controller = Ports.LOOPBACK + ":" + controllerPort;
        Map<String, String> config = new HashMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", Integer.toString(NODE_ID));
        config.put("listeners", client + ",CONTROLLER://" + controller);
        config.put("advertised.listeners", client);
        config.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("inter.broker.listener.name", "CLIENT");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.voters", NODE_ID + "@" + controller);
        config.put("log.dirs", folder.toString());
        config.put("auto.create.topics.enable", "false");
        config.put("default.replication.factor", "1");
        config.put("min.insync.replicas", "1");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            config.put(topic + ".replication.factor", "1");
            // One process has few groups and transactional ids; the default of 50 partitions each is 100 open logs.
            config.put(topic + ".num.partitions", "8");
        }
        config.put("transaction.state.log.min.isr", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("group.initial.rebalance.delay.ms", "0");
        // The default takes 128 MiB of the heap that the whole of Millrace shares.
        config.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        return config;
    }
}
