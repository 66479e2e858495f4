package io.millrace.standalone.chaos.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.identity.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brokers, a database, processors and doors, each in processes of its own on loopback, and the links between them. Thread-safe;
 * whoever makes it closes it, and then nothing of it runs any more.
 */
public final class Cluster implements AutoCloseable {
    private static final int PROCESSOR_HEAP_MEGABYTES = 320;
    private static final int DOOR_HEAP_MEGABYTES = 128;
    private static final String PASSWORD = "chaos";
    private static final String WRITE_KEY = "chaos";
    private static final Duration ASK = Duration.ofSeconds(3);

    private final ClusterPlan plan;
    private final PortBook ports = new PortBook();
    private final Links links = new Links();
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ASK).build();
    private final Brokers brokers;
    private final Part postgres;
    private final int postgresPort;
    private final List<Part> processors = new ArrayList<>();
    private final List<Part> doors = new ArrayList<>();
    private final List<Integer> doorPorts = new ArrayList<>();
    private final @Nullable SmallDisk disk;
    private final @Nullable Clocks clocks;

    /** Prepares everything and starts nothing. */
    public Cluster(ClusterPlan plan) throws IOException, InterruptedException {
        this.plan = plan;
        Files.createDirectories(plan.folder());
        List<String> clients = new ArrayList<>();
        for (int i = 1; i <= plan.processors(); i++) {
            clients.add("processor-" + i);
        }
        for (int i = 1; i <= plan.doors(); i++) {
            clients.add("ingest-" + i);
        }
        Path lastDisk = plan.folder().resolve("broker-" + plan.brokers());
        disk = plan.smallDiskMegabytes() > 0 && SmallDisk.isPossible(lastDisk)
                ? SmallDisk.mount(lastDisk, plan.smallDiskMegabytes())
                : null;
        clocks = plan.clock().isEmpty()
                ? null
                : new Clocks(plan.folder(), plan.clock().get(0));
        brokers = new Brokers(plan.brokers(), clients, ports, links, plan.folder(), lastDisk.resolve("data"));
        postgresPort = ports.next();
        postgres = new PostgresPart(plan.folder().resolve("postgres"), postgresPort, PASSWORD);
        for (String client : clients) {
            if (client.startsWith("processor")) {
                processors.add(processor(client));
            } else {
                doors.add(door(client));
            }
        }
    }

    /** Whether this user may mount a small disk. */
    public static boolean maySmallDisk(Path folder) throws IOException, InterruptedException {
        return SmallDisk.isPossible(folder.resolve("disk"));
    }

    private Part processor(String name) throws IOException {
        int port = ports.next();
        Map<String, String> settings = common(name);
        settings.put("MILLRACE_PROCESSOR_HTTP_PORT", Integer.toString(port));
        settings.put("MILLRACE_PROCESSOR_GRPC_PORT", "0");
        settings.put(
                "MILLRACE_PROCESSOR_STATE_DIR",
                plan.folder().resolve(name + "-state").toString());
        return jvm(name, "processor", PROCESSOR_HEAP_MEGABYTES, settings, port);
    }

    private Part door(String name) throws IOException {
        int port = ports.next();
        doorPorts.add(port);
        Map<String, String> settings = common(name);
        settings.put("MILLRACE_INGEST_HTTP_PORT", Integer.toString(port));
        settings.put("MILLRACE_INGEST_WRITE_KEYS", "chaos=" + Sha256.of(WRITE_KEY.getBytes(UTF_8)));
        return jvm(name, "ingest", DOOR_HEAP_MEGABYTES, settings, port);
    }

    private Map<String, String> common(String name) throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("MILLRACE_KAFKA_BOOTSTRAP", brokers.bootstrap(name));
        settings.put("MILLRACE_POSTGRES_URL", jdbc(links.open(name + "-to-postgres", ports.next(), postgresPort)));
        settings.put("MILLRACE_POSTGRES_USER", user());
        settings.put("MILLRACE_POSTGRES_PASSWORD", PASSWORD);
        settings.put("MILLRACE_TOPICS_PARTITIONS", Integer.toString(plan.partitions()));
        settings.put("MILLRACE_TOPICS_REPLICATION", Integer.toString(plan.brokers()));
        settings.put("MILLRACE_LOG_FORMAT", "text");
        settings.putAll(plan.extra());
        if (clocks != null) {
            settings.putAll(clocks.environment(name));
        }
        return settings;
    }

    private Part jvm(String name, String command, int heap, Map<String, String> settings, int port) {
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                .timeout(ASK)
                .build();
        return new JvmPart(
                name,
                JvmPart.command(heap, plan.classesBefore(), plan.program(), command),
                settings,
                plan.folder().resolve(name + ".log"),
                () -> isReady(ready));
    }

    private boolean isReady(HttpRequest ready) throws InterruptedException {
        try {
            return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts everything and waits until it serves; the part that does not, if there is one. */
    public Optional<Part> start(Duration patience) throws IOException, InterruptedException {
        for (Part broker : brokers.parts()) {
            broker.start();
        }
        postgres.start();
        for (Part broker : brokers.parts()) {
            if (!broker.awaitReady(patience)) {
                return Optional.of(broker);
            }
        }
        for (Part part : services()) {
            part.start();
        }
        return awaitReady(patience);
    }

    /** Waits until everything serves; the part that does not, if there is one. */
    public Optional<Part> awaitReady(Duration patience) throws InterruptedException {
        for (Part part : parts()) {
            if (!part.awaitReady(patience)) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }

    public List<Part> parts() {
        List<Part> all = new ArrayList<>(brokers.parts());
        all.add(postgres);
        all.addAll(services());
        return all;
    }

    private List<Part> services() {
        List<Part> all = new ArrayList<>(processors);
        all.addAll(doors);
        return all;
    }

    public List<Part> brokers() {
        return brokers.parts();
    }

    public Part postgres() {
        return postgres;
    }

    public List<Part> processors() {
        return processors;
    }

    public List<Part> doors() {
        return doors;
    }

    /** Between clients and brokers, brokers and brokers, clients and the database. */
    public List<Link> links() {
        return links.all();
    }

    /** The last broker's, if this user may mount one. */
    public Optional<SmallDisk> disk() {
        return Optional.ofNullable(disk);
    }

    /** Those of processors and doors, where they can be set. */
    public Optional<Clocks> clocks() {
        return Optional.ofNullable(clocks);
    }

    /** Where tools connect: not by a link. */
    public String bootstrap() {
        return brokers.bootstrap();
    }

    public List<Integer> doorPorts() {
        return doorPorts;
    }

    public String writeKey() {
        return WRITE_KEY;
    }

    /** The store, not by a link. */
    public String jdbc() {
        return jdbc(postgresPort);
    }

    public String user() {
        return "millrace";
    }

    public String password() {
        return PASSWORD;
    }

    private static String jdbc(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/millrace";
    }

    /** {@code millrace scale} to so many partitions, in a process of its own. */
    public Process scale(int partitions) throws IOException {
        return new ProcessBuilder(JvmPart.command(
                        DOOR_HEAP_MEGABYTES,
                        "",
                        plan.program(),
                        "scale",
                        "--partitions",
                        Integer.toString(partitions),
                        "--kafka",
                        bootstrap()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        plan.folder().resolve("scale.log").toFile()))
                .start();
    }

    /** Kills whatever runs. */
    @Override
    public void close() throws IOException {
        try {
            for (Part part : parts()) {
                part.resume();
                part.kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("ending the cluster was interrupted");
        }
        links.close();
        if (disk != null) {
            disk.close();
        }
    }
}
