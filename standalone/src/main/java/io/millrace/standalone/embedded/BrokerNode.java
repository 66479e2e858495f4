package io.millrace.standalone.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** One KRaft node in this JVM, by the settings it is given. Thread-safe; whoever starts it closes it. */
public final class BrokerNode implements AutoCloseable {
    /** What a broker needs that has few clients and shares its machine. */
    public static final Map<String, String> SMALL = Map.of(
            "auto.create.topics.enable",
            "false",
            "group.initial.rebalance.delay.ms",
            "0",
            // The default takes 128 MiB of the heap.
            "log.cleaner.dedupe.buffer.size",
            Integer.toString(16 << 20));

    private final KafkaRaftServer server;

    private BrokerNode(KafkaRaftServer server) {
        this.server = server;
    }

    /** Makes a data folder a node's, if it is nobody's yet. */
    public static void format(Path folder, int node, String clusterId) {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        Formatter formatter = new Formatter();
        formatter.setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        formatter.setNodeId(node);
        formatter.setClusterId(clusterId);
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

    /** Starts it and returns once it serves; of a formatted folder, the setting log.dirs. */
    public static BrokerNode start(Map<String, String> configuration) {
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(configuration, false), Time.SYSTEM);
        try {
            server.startup();
            return new BrokerNode(server);
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
    }

    /** Waits until it has ended, by whatever. */
    public void await() {
        server.awaitShutdown();
    }

    /** Stops the node and waits until its data is on disk. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
