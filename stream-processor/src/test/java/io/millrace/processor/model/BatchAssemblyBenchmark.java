package io.millrace.processor.model;

import io.millrace.prediction.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to write a batch's inputs into the buffers that PyTorch reads, for a whole batch: padding included, the model's
 * run is not (ScoringBench has that).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class BatchAssemblyBenchmark {
    private static final int LARGEST = 1024;

    /** 4 dense features; or 6 steps of 3 values beside them. */
    @Param({"dense", "joined"})
    public String kind = "dense";

    /** Rows that wait; 65 of them are padded to 256. */
    @Param({"1", "65", "1024"})
    public int rows;

    private List<Inputs> batch = List.of();
    private @Nullable BatchTensors tensors;
    private int bucket;

    @Setup
    public void fill() throws IOException, ModelRefusedException {
        Path folder = Files.createTempDirectory("batch");
        Path model = kind.equals("joined") ? Fixtures.joined(folder) : Fixtures.dense(folder, "mlp.pt");
        tensors = new BatchTensors(ModelFiles.read(model, ModelLimits.DEFAULT).manifest(), LARGEST);
        batch = Fixtures.rows(rows, 1);
        bucket = ModelLimits.DEFAULT.buckets().stream()
                .filter(size -> size >= rows)
                .findFirst()
                .orElse(LARGEST);
    }

    @Benchmark
    public void assemble() {
        Objects.requireNonNull(tensors).fill(batch, bucket);
    }
}
