package io.millrace.standalone.bench;

import io.millrace.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The load of Crayfish (Horchidan et al., EDBT 2024), a benchmark of models inside stream processors: each event carries a vector
 * of 784 values, a network of five layers scores it, and the output says the input again.
 */
final class CrayfishBench {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String FIGURE = Variant.CRAYFISH.figure();

    private final Sitting sitting;
    private final BacklogMeter meter;
    private final int events;
    private final List<BacklogMeter.Measured> measured = new ArrayList<>();

    /** Puts a backlog of its own in the place of any other. */
    CrayfishBench(Sitting sitting, ProcessorLauncher launcher, Plan plan)
            throws BenchFailedException, InterruptedException {
        this.sitting = sitting;
        this.events = Variant.CRAYFISH.events(plan.events());
        sitting.empty(Topic.USER_EVENTS.topicName());
        Backlog.writeVectors(sitting.bootstrap(), events);
        this.meter = new BacklogMeter(sitting, launcher);
    }

    void run(int round) throws BenchFailedException, IOException, InterruptedException {
        sitting.said().accept(FIGURE + ", round " + round);
        measured.add(meter.measure(Variant.CRAYFISH, Guarantee.EXACTLY_ONCE, FIGURE + "-" + round, events, LIMIT));
    }

    /** What was measured. */
    void report(Consumer<Figure> to) {
        to.accept(BacklogMeter.Measured.speed(FIGURE, measured, null));
        BacklogMeter.Measured.costs(FIGURE, measured).forEach(to);
    }
}
