package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.standalone.embedded.Ports;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How many events a door takes and what one costs, single and in batches of a hundred, at several numbers of connections that
 * each post again when they are answered. Beside Millrace's door a bare one, which reads nothing of what it writes, and the peers, in
 * short slices that take turns.
 */
final class IngestBench {
    private static final List<Integer> CONNECTIONS = List.of(64, 1_000, 10_000);
    private static final int HEAP_MEGABYTES = 512;
    private static final String BARE = "bare";
    private static final String OWN = "";

    private final Sitting sitting;
    private final Plan plan;
    private final DoorFigures figures = new DoorFigures("ingest", "event");

    /** Who is posted to. */
    private record Target(
            String name,
            InetSocketAddress address,
            Running process,
            ShopPosts.Words words,
            Map<String, String> headers) {}

    IngestBench(Sitting sitting, Plan plan) {
        this.sitting = sitting;
        this.plan = plan;
    }

    /** All rounds. */
    void run() throws BenchFailedException, IOException, InterruptedException {
        int port = Ports.free();
        try (Door door = Door.start(sitting, "ingest-door", HEAP_MEGABYTES, Map.of());
                Child bare = Child.start(
                        sitting.folders(),
                        "ingest-bare",
                        HEAP_MEGABYTES,
                        Map.of(),
                        BareDoorMain.class.getName(),
                        Integer.toString(port),
                        sitting.bootstrap())) {
            Door.awaitAnswer(URI.create("http://127.0.0.1:" + port + "/healthz"), bare);
            List<Target> targets = targets(door, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), bare);
            List<Integer> levels = levels();
            warmUp(targets);
            for (int round = 1; round <= plan.rounds(); round++) {
                for (int connections : levels) {
                    for (int events : new int[] {1, ShopPosts.BATCH}) {
                        sitting.said()
                                .accept(String.format(
                                        Locale.ROOT,
                                        "ingest, requests of %d, %,d connections, round %d",
                                        events,
                                        connections,
                                        round));
                        for (Target target : targets) {
                            slice(target, connections, events);
                        }
                    }
                }
                sitting.empty(Topic.USER_EVENTS.topicName());
                sitting.empty(BareDoorMain.OUT);
                sitting.empty(Backlog.PEERS);
            }
        }
    }

    private List<Target> targets(Door door, InetSocketAddress bareAddress, Child bare) throws BenchFailedException {
        Map<String, String> json = Map.of("content-type", "application/json");
        List<Target> targets = new ArrayList<>();
        targets.add(new Target(
                OWN,
                door.address(),
                door.child().running(),
                ShopPosts.Words.MILLRACE,
                Map.of(
                        "content-type",
                        "application/json",
                        "authorization",
                        "Basic " + Base64.getEncoder().encodeToString((Door.WRITE_KEY + ":").getBytes(UTF_8)))));
        targets.add(new Target(BARE, bareAddress, bare.running(), ShopPosts.Words.PEER, json));
        for (Peer peer : plan.peers()) {
            targets.add(new Target(peer.name(), peer.address(), peer.running(), ShopPosts.Words.PEER, json));
        }
        return targets;
    }

    /** As many as this process may open, and the door, which gets the same limit. */
    private List<Integer> levels() throws IOException {
        List<Integer> levels = new ArrayList<>();
        for (int connections : CONNECTIONS) {
            if (plan.quick() && connections > CONNECTIONS.get(0)) {
                continue;
            }
            if (OpenFiles.allow(connections)) {
                levels.add(connections);
            } else {
                sitting.said().accept(OpenFiles.missing(connections));
            }
        }
        return levels;
    }

    private void warmUp(List<Target> targets) throws BenchFailedException, IOException, InterruptedException {
        Duration each = plan.warmUp().dividedBy(plan.quick() ? 4 : 3);
        for (int events : new int[] {1, ShopPosts.BATCH}) {
            for (Target target : targets) {
                requests(target, events).flood(CONNECTIONS.get(0), each);
            }
        }
    }

    private void slice(Target target, int connections, int events)
            throws BenchFailedException, IOException, InterruptedException {
        String load = (events == 1 ? "single." : "batch.") + connections;
        figures.add(target.name(), load, requests(target, events).slice(load, connections, events, plan.slice()));
    }

    private Turn requests(Target target, int events) {
        return new Turn(
                sitting,
                target.name(),
                target.address(),
                target.process(),
                true,
                ShopPosts.of(target.address(), target.words(), target.headers(), events));
    }

    /** What was measured, beside the bare door and each peer. */
    void report(Consumer<Figure> to) {
        figures.report(OWN, BARE, to);
    }
}
