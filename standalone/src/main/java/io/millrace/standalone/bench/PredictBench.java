package io.millrace.standalone.bench;

import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.standalone.bench.load.HttpPost;
import io.millrace.standalone.bench.load.Requests;
import io.millrace.standalone.embedded.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * How many questions a second are answered, each with a model's own inputs, and what one costs the door and the processor
 * together, while so many wait for their answers at once; and beside it peers that take the inputs as an array.
 */
final class PredictBench {
    private static final List<Integer> CONCURRENCY = List.of(1, 16, 64, 256);
    private static final int QUICK = 64;
    private static final int HEAP_MEGABYTES = 512;
    private static final int RENDERED = 200;
    private static final String OWN = "";

    private final Sitting sitting;
    private final ProcessorLauncher launcher;
    private final Manifest manifest;
    private final Plan plan;
    private final DoorFigures figures = new DoorFigures("predict", "request");

    /** @param manifest of the model that answers */
    PredictBench(Sitting sitting, ProcessorLauncher launcher, Manifest manifest, Plan plan) {
        this.sitting = sitting;
        this.manifest = manifest;
        this.launcher = launcher;
        this.plan = plan;
    }

    /** All rounds. */
    void run() throws BenchFailedException, IOException, InterruptedException {
        int port = Ports.free();
        Map<String, String> asking = Map.of(
                "MILLRACE_PROCESSOR_GRPC_PORT",
                Integer.toString(port),
                "MILLRACE_INGEST_PROCESSOR_GRPC",
                "127.0.0.1:" + port,
                "MILLRACE_INGEST_JWT_SECRET",
                Analyst.SECRET);
        try (Child processor = launcher.start(Variant.FULL, Guarantee.EXACTLY_ONCE, "predict", asking);
                Door door = Door.start(sitting, "predict-door", HEAP_MEGABYTES, asking)) {
            List<Turn> turns = turns(door, processor);
            turns.get(0).awaitAccepted(processor);
            List<Integer> concurrencies = plan.quick() ? List.of(QUICK) : CONCURRENCY;
            for (int concurrency : concurrencies) {
                // Each brings batches and queues of its own, and with them code that is compiled anew.
                for (Turn turn : turns) {
                    turn.flood(concurrency, plan.warmUp().dividedBy(3));
                }
            }
            for (int round = 1; round <= plan.rounds(); round++) {
                for (int concurrency : concurrencies) {
                    sitting.said().accept("predict, " + concurrency + " at once, round " + round);
                    for (Turn turn : turns) {
                        String load = Integer.toString(concurrency);
                        figures.add(turn.name(), load, turn.slice(load, concurrency, 1, plan.slice()));
                    }
                }
            }
        }
    }

    private List<Turn> turns(Door door, Child processor) throws BenchFailedException {
        List<String> names = manifest.features().stream().map(FeatureSpec::name).toList();
        if (manifest.sequence() != null || manifest.width() != names.size()) {
            throw new BenchFailedException(
                    manifest.model() + " takes more than numbers, expected a model without" + " sequence and vectors");
        }
        Map<String, String> json = Map.of("content-type", "application/json");
        List<Turn> turns = new ArrayList<>();
        turns.add(new Turn(
                sitting,
                OWN,
                door.address(),
                Running.together(door.child().running(), processor.running()),
                false,
                posts(
                        door.address(),
                        "/v1/predict",
                        Map.of("content-type", "application/json", "authorization", "Bearer " + Analyst.token()),
                        named(manifest.model().name(), names))));
        String path = manifest.kind() == Manifest.Kind.TORCHSCRIPT ? "/predict-pt" : "/predict";
        for (Peer peer : plan.peers()) {
            turns.add(new Turn(
                    sitting,
                    peer.name(),
                    peer.address(),
                    peer.running(),
                    false,
                    posts(peer.address(), path, json, listed(names.size()))));
        }
        return turns;
    }

    private static Requests posts(
            InetSocketAddress door, String path, Map<String, String> headers, List<String> bodies) {
        List<byte[]> posts = bodies.stream()
                .map(body -> HttpPost.of(door, path, headers, body).bytes())
                .toList();
        return (number, into) -> into.put(posts.get((int) (number % posts.size())));
    }

    private static List<String> named(String model, List<String> names) {
        List<String> bodies = new ArrayList<>();
        for (int i = 1; i <= RENDERED; i++) {
            StringJoiner features = new StringJoiner(",", "{\"model\":\"" + model + "\",\"features\":{", "}}");
            for (int j = 1; j <= names.size(); j++) {
                features.add("\"" + names.get(j - 1) + "\":" + value(i, j));
            }
            bodies.add(features.toString());
        }
        return bodies;
    }

    private static List<String> listed(int count) {
        List<String> bodies = new ArrayList<>();
        for (int i = 1; i <= RENDERED; i++) {
            StringJoiner features = new StringJoiner(",", "{\"features\":[", "]}");
            for (int j = 1; j <= count; j++) {
                features.add(value(i, j));
            }
            bodies.add(features.toString());
        }
        return bodies;
    }

    private static String value(int row, int column) {
        return String.format(Locale.ROOT, "%.4f", Math.sin((double) row * column));
    }

    /** What was measured, and each peer. */
    void report(Consumer<Figure> to) {
        figures.report(OWN, "none", to);
    }
}
