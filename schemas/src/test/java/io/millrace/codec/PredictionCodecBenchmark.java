package io.millrace.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What a prediction of 32 features costs to write and read, next to Jackson's databind. The figures are in docs/benchmarks.md. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PredictionCodecBenchmark {
    private static final ObjectMapper DATABIND = new ObjectMapper();

    private final Prediction prediction = Samples.prediction();
    private final byte[] bytes = PredictionCodec.encode(prediction);

    @Benchmark
    public Prediction decode() throws DecodeException {
        return PredictionCodec.decode(bytes);
    }

    @Benchmark
    public byte[] encode() {
        return PredictionCodec.encode(prediction);
    }

    /** A tree alone, not yet a prediction. */
    @Benchmark
    public JsonNode decodeByDatabind() throws IOException {
        return DATABIND.readTree(bytes);
    }

    @Benchmark
    public byte[] encodeByDatabind() throws IOException {
        ObjectNode tree = DATABIND.createObjectNode()
                .put("id", prediction.id().toString())
                .put("eventId", prediction.eventId().value())
                .put("source", prediction.source().name())
                .put("userId", prediction.userId())
                .put("model", prediction.model().name())
                .put("version", prediction.model().version())
                .put("sha256", prediction.sha256().hex())
                .put("role", prediction.role().text())
                .put("score", prediction.score())
                .put("label", prediction.label())
                .put("threshold", prediction.threshold());
        ObjectNode features = tree.putObject("features");
        List<Inputs.Slot> slots = prediction.inputs().slots();
        float[] values = prediction.inputs().values();
        for (int i = 0; i < values.length; i++) {
            features.put(slots.get(i).name(), values[i]);
        }
        tree.put("eventTime", prediction.eventTime().toString())
                .put("receivedAt", prediction.receivedAt().toString())
                .put("scoredAt", prediction.scoredAt().toString())
                .put("traceparent", String.valueOf(prediction.traceparent()));
        return DATABIND.writeValueAsBytes(tree);
    }

    /** Takes JMH's options, such as {@code -f 1 -wi 3 -i 3 -r 1 -prof gc}. */
    public static void main(String[] arguments) throws Exception {
        new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(arguments))
                        .include(PredictionCodecBenchmark.class.getName())
                        .build())
                .run();
    }
}
