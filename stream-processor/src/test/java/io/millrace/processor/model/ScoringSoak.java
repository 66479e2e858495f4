package io.millrace.processor.model;

import io.millrace.prediction.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Scores ten million rows with each of three models, in batches of 1 to 1,024, and prints the memory of the process as it
 * goes: it must stay flat. No test, because it takes minutes; docs/benchmarks.md has the command and what it said.
 */
final class ScoringSoak {
    private static final long ROWS = 10_000_000;
    private static final int LINES = 5;

    private ScoringSoak() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("millrace-soak");
        System.out.println("start: " + resident());
        soak("purchase-intent, djl", LoadedModel.load(ModelFiles.shipped("purchase-intent"), ModelLimits.DEFAULT));
        Path mlp = Fixtures.dense(Files.createDirectories(folder.resolve("mlp")), "mlp.pt");
        soak("mlp, torchscript", LoadedModel.load(mlp, ModelLimits.DEFAULT));
        Path joined = Fixtures.joined(Files.createDirectories(folder.resolve("joined")));
        soak("gru and dense, torchscript", LoadedModel.load(joined, ModelLimits.DEFAULT));
        System.out.println("all closed: " + resident());
    }

    private static void soak(String name, LoadedModel model) throws ModelFailedException, IOException {
        System.out.println(name + ", loaded: " + resident());
        List<Inputs> rows = rows(model);
        Random random = new Random(1);
        try (model;
                Scorer scorer = model.newScorer()) {
            System.out.println(name + ", warm: " + resident());
            long next = ROWS / LINES;
            long calls = 0;
            double sum = 0;
            for (long scored = 0; scored < ROWS; calls++) {
                // As many small batches as large ones.
                int size = (int) Math.pow(scorer.largestBatch(), random.nextDouble());
                for (float score : scorer.score(rows.subList(0, size))) {
                    sum += score;
                }
                scored += size;
                if (scored >= next) {
                    System.out.println(name + ", " + scored + " rows in " + calls + " batches: " + resident());
                    next += ROWS / LINES;
                }
            }
            System.out.println(name + ", mean score " + sum / ROWS);
        }
    }

    /** 1,024 rows that the model takes. */
    static List<Inputs> rows(LoadedModel model) {
        if (model.manifest().width() == Fixtures.WIDTH || model.manifest().sequence() != null) {
            return Fixtures.rows(1024, 1);
        }
        List<Inputs.Slot> slots = model.manifest().features().stream()
                .map(feature -> new Inputs.Slot(feature.name(), 1))
                .toList();
        Random random = new Random(1);
        List<Inputs> rows = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            float[] values = new float[slots.size()];
            for (int j = 0; j < values.length; j++) {
                values[j] = random.nextFloat() * 5;
            }
            rows.add(new Inputs(slots, values, null));
        }
        return rows;
    }

    private static String resident() throws IOException {
        System.gc();
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB";
            }
        }
        throw new IOException("no VmRSS in /proc/self/status");
    }
}
