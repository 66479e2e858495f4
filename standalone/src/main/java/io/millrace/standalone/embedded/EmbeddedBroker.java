package io.millrace.standalone.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.AppInfoParser;

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

    private final BrokerNode node;
    private final int port;

    private EmbeddedBroker(BrokerNode node, int port) {
        this.node = node;
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
            BrokerNode.format(folder, NODE_ID, Uuid.randomUuid().toString());
            Files.writeString(folder.resolve(RELEASE_FILE), AppInfoParser.getVersion());
        } catch (IOException e) {
            throw new StartFailedException("The Kafka data folder " + folder + " cannot be used: " + e.getMessage(), e);
        }
        try {
            return new EmbeddedBroker(BrokerNode.start(configuration(folder, taken, Ports.free())), taken);
        } catch (RuntimeException e) {
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
        node.close();
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
        config.putAll(BrokerNode.SMALL);
        config.put("default.replication.factor", "1");
        config.put("min.insync.replicas", "1");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            config.put(topic + ".replication.factor", "1");
            // One process has few groups and transactional ids; the default of 50 partitions each is 100 open logs.
            config.put(topic + ".num.partitions", "8");
        }
        config.put("transaction.state.log.min.isr", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        return config;
    }
}
