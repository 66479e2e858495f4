package io.millrace.standalone.chaos.cluster;

import io.millrace.standalone.embedded.BrokerNode;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * The brokers, each a controller too. Whoever connects has a listener of his own at each, which advertises a link: so each way
 * can be cut apart from the others. The tools' listener has no link.
 */
final class Brokers {
    private static final int HEAP_MEGABYTES = 256;
    private static final String LOOPBACK = "127.0.0.1:";
    private static final String TOOLS = "TOOLS";
    private static final String BROKERS = "BROKERS";
    private static final String CONTROLLER = "CONTROLLER";
    private static final int SECOND = 1_000;

    private final String clusterId = Uuid.randomUuid().toString();
    private final List<Integer> controllers = new ArrayList<>();
    private final List<Map<String, Integer>> listening = new ArrayList<>();
    private final List<Map<String, Integer>> advertised = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();

    /** @param clients names of those who connect, each by links of his own */
    Brokers(int count, List<String> clients, PortBook ports, Links links, Path folder, Path lastDisk)
            throws IOException {
        List<String> linked = new ArrayList<>(clients);
        linked.add(BROKERS);
        for (int broker = 1; broker <= count; broker++) {
            controllers.add(ports.next());
            Map<String, Integer> here = new TreeMap<>();
            Map<String, Integer> told = new TreeMap<>();
            for (String client : linked) {
                int port = ports.next();
                here.put(listener(client), port);
                told.put(
                        listener(client),
                        links.open(client.toLowerCase(Locale.ROOT) + "-to-broker-" + broker, ports.next(), port));
            }
            int tools = ports.next();
            here.put(TOOLS, tools);
            told.put(TOOLS, tools);
            listening.add(here);
            advertised.add(told);
        }
        for (int broker = 1; broker <= count; broker++) {
            Path data = broker == count ? lastDisk : folder.resolve("broker-" + broker);
            parts.add(part(broker, count, folder, data));
        }
    }

    List<Part> parts() {
        return parts;
    }

    /** Where the tools connect. */
    String bootstrap() {
        return bootstrapOf(TOOLS);
    }

    /** Where a client connects. */
    String bootstrap(String client) {
        return bootstrapOf(listener(client));
    }

    private String bootstrapOf(String listener) {
        return advertised.stream().map(ports -> LOOPBACK + ports.get(listener)).collect(Collectors.joining(","));
    }

    private static String listener(String client) {
        return client.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private Part part(int broker, int count, Path folder, Path data) throws IOException {
        Files.createDirectories(data);
        String name = "broker-" + broker;
        Path file = folder.resolve(name + ".properties");
        Properties settings = new Properties();
        settings.putAll(settings(broker, count, data));
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            settings.store(out, null);
        }
        int tools = Objects.requireNonNull(listening.get(broker - 1).get(TOOLS));
        return new JvmPart(
                name,
                JvmPart.command(HEAP_MEGABYTES, "", BrokerMain.class.getName(), file.toString(), clusterId),
                Map.of(),
                folder.resolve(name + ".log"),
                () -> listens(tools));
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SECOND);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Map<String, String> settings(int broker, int count, Path data) {
        Map<String, Integer> here = listening.get(broker - 1);
        Map<String, String> config = new TreeMap<>(BrokerNode.SMALL);
        config.put("process.roles", "broker,controller");
        config.put("node.id", Integer.toString(broker));
        config.put("listeners", addresses(here) + ",CONTROLLER://" + LOOPBACK + controllers.get(broker - 1));
        config.put("advertised.listeners", addresses(advertised.get(broker - 1)));
        config.put(
                "listener.security.protocol.map",
                here.keySet().stream().map(name -> name + ":PLAINTEXT").collect(Collectors.joining(","))
                        + ",CONTROLLER:PLAINTEXT");
        config.put("inter.broker.listener.name", BROKERS);
        config.put("controller.listener.names", CONTROLLER);
        config.put(
                "controller.quorum.voters",
                IntStream.rangeClosed(1, count)
                        .mapToObj(node -> node + "@" + LOOPBACK + controllers.get(node - 1))
                        .collect(Collectors.joining(",")));
        config.put("log.dirs", data.toString());
        String copies = Integer.toString(count);
        String least = Integer.toString(Math.min(count, 2));
        config.put("default.replication.factor", copies);
        config.put("min.insync.replicas", least);
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            config.put(topic + ".replication.factor", copies);
            config.put(topic + ".num.partitions", "3");
        }
        config.put("transaction.state.log.min.isr", least);
        config.put("share.coordinator.state.topic.min.isr", least);
        // Small, because there are many of them on few cores.
        config.put("num.network.threads", "1");
        config.put("num.io.threads", "4");
        config.put("background.threads", "2");
        config.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        config.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        // A follower that is cut off leaves soon: until it does, nothing is acknowledged.
        config.put("replica.lag.time.max.ms", "5000");
        return config;
    }

    private static String addresses(Map<String, Integer> ports) {
        return ports.entrySet().stream()
                .map(port -> port.getKey() + "://" + LOOPBACK + port.getValue())
                .collect(Collectors.joining(","));
    }
}
