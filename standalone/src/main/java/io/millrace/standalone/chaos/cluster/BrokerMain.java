package io.millrace.standalone.chaos.cluster;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.embedded.BrokerNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** One broker of a cluster as a process of its own: a file of Kafka's settings, and the cluster's id. */
public final class BrokerMain {
    private BrokerMain() {}

    /** @param arguments the file and the id */
    public static void main(String[] arguments) throws IOException {
        Logs.start(LogConfig.of("broker", LogConfig.Reader.COLLECTOR));
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of(arguments[0]), StandardCharsets.UTF_8)) {
            properties.load(file);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        Path folder = Path.of(properties.getProperty("log.dirs"));
        BrokerNode.format(folder, Integer.parseInt(properties.getProperty("node.id")), arguments[1]);
        BrokerNode node = BrokerNode.start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
        node.await();
    }
}
