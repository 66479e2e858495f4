package io.millrace.processor.model;

import ai.djl.pytorch.jni.JniUtils;
import io.millrace.prediction.Inputs;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prints what a row costs in each batch size: thread-CPU µs, everything from the inputs' arrays to the scores' included,
 * with and without TorchScript's optimizer. docs/benchmarks.md has the command and what it said.
 */
final class ScoringBench {
    private static final long NANOS_A_CELL = 500_000_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ScoringBench() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("millrace-bench");
        System.out.println("| model | " + ModelLimits.DEFAULT.buckets() + " |");
        ModelFiles shipped = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT);
        measure("purchase-intent (djl)", LoadedModel.load(shipped, ModelLimits.DEFAULT));
        for (boolean optimize : new boolean[] {true, false}) {
            // DJL sets it on each thread at each call once the property is there.
            System.setProperty("ai.djl.pytorch.graph_optimizer", Boolean.toString(optimize));
            String with = optimize ? ", optimizer" : ", no optimizer";
            for (String name : List.of("mlp", "lstm", "joined")) {
                Path directory = Files.createDirectories(folder.resolve(name + optimize));
                Path model = switch (name) {
                    case "lstm" -> Fixtures.sequence(directory, "lstm.pt");
                    case "joined" -> Fixtures.joined(directory);
                    default -> Fixtures.dense(directory, "mlp.pt");
                };
                measure(name + with, LoadedModel.load(model, ModelLimits.DEFAULT));
            }
        }
        System.out.println("threads of PyTorch here: " + JniUtils.getNumThreads());
    }

    private static void measure(String name, LoadedModel model) throws ModelFailedException {
        List<Inputs> rows = ScoringSoak.rows(model);
        StringBuilder line = new StringBuilder("| ").append(name);
        try (model;
                Scorer scorer = model.newScorer()) {
            for (int size : ModelLimits.DEFAULT.buckets()) {
                List<Inputs> batch = rows.subList(0, size);
                run(scorer, batch, NANOS_A_CELL / 3);
                double micros = run(scorer, batch, NANOS_A_CELL);
                line.append(String.format(Locale.ROOT, " | %.2f", micros));
            }
        }
        System.out.println(line.append(" |"));
    }

    private static double run(Scorer scorer, List<Inputs> batch, long nanos) throws ModelFailedException {
        long start = THREADS.getCurrentThreadCpuTime();
        long calls = 0;
        long spent = 0;
        while (spent < nanos) {
            for (int i = 0; i < 10; i++) {
                scorer.score(batch);
            }
            calls += 10;
            spent = THREADS.getCurrentThreadCpuTime() - start;
        }
        return spent / 1e3 / calls / batch.size();
    }
}
