package io.millrace.processor.feature;

import io.millrace.event.Event;
import io.millrace.model.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What features cost the stream thread for an event: read its properties, read the user's state, take the event in, tell
 * the model, write the state. The user has had {@value #PAST} events; nothing is kept from one round to the next.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
public class FeatureBenchmark {
    private static final int PAST = 60;
    private static final int USERS = 256;

    /** 12 dense features over 3 windows; or those and the last 20 events of 4 values. */
    @Param({"dense", "sequence"})
    public String kind = "dense";

    private Manifest model = Samples.shop(false);
    private FeaturePlan plan = FeaturePlan.compile(List.of(model), Duration.ofHours(1));
    private final byte[][] states = new byte[USERS][];
    private final Event[] events = new Event[USERS];
    private int next;

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(FeatureBenchmark.class.getName())
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
    }

    @Setup
    public void fill() {
        model = Samples.shop(kind.equals("sequence"));
        plan = FeaturePlan.compile(List.of(model), Duration.ofHours(1));
        Random random = new Random(1);
        long bytes = 0;
        for (int user = 0; user < USERS; user++) {
            UserState state = plan.empty();
            Instant time = Samples.MONDAY;
            for (int i = 0; i < PAST; i++) {
                time = time.plusSeconds(random.nextInt(20) == 0 ? random.nextInt(300_000) : random.nextInt(60));
                state = plan.advance(state, plan.observe(event(random, time)));
            }
            states[user] = plan.encode(state);
            bytes += states[user].length;
            events[user] = event(random, time.plusSeconds(20));
        }
        System.out.println(bytes / USERS + " bytes a state, at most " + plan.maxStateBytes());
    }

    private static Event event(Random random, Instant time) {
        String name = random.nextInt(10) == 0 ? "product_added" : "product_viewed";
        String properties = "{\"product_id\":\"p" + random.nextInt(1000) + "\",\"category_id\":2053013555631882655,"
                + "\"category\":\"electronics.smartphone\",\"brand\":\"apple\",\"price\":"
                + random.nextInt(100_000) / 100.0
                + ",\"session_id\":\"0f3a-4d1c\",\"currency\":\"USD\"}";
        return Samples.track(name, time, properties);
    }

    /** All that the stream thread does of it. */
    @Benchmark
    public Object event() {
        int user = next++ & (USERS - 1);
        Observation o = plan.observe(events[user]);
        UserState state = plan.advance(plan.decode(states[user], 0, states[user].length), o);
        FeatureResult result = plan.inputs(model.model(), state, o, Traits.NONE);
        byte[] bytes = plan.encode(state);
        return bytes.length == 0 ? bytes : result;
    }

    @Benchmark
    public Object observe() {
        return plan.observe(events[next++ & (USERS - 1)]);
    }

    @Benchmark
    public Object decodeEncode() {
        byte[] bytes = states[next++ & (USERS - 1)];
        return plan.encode(plan.decode(bytes, 0, bytes.length));
    }
}
