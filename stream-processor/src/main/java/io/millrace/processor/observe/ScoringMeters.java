package io.millrace.processor.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.identity.ModelVersion;
import io.millrace.meter.Buckets;
import io.millrace.prediction.Role;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** What the scoring stage counts. Labels are bounded: versions that score no more go, reasons are an enum. Thread-safe. */
public final class ScoringMeters {
    private final MeterRegistry registry;
    private final Trail trail;
    private final Counter events;
    private final Counter duplicates;
    private final Counter late;
    private final Counter tooLate;
    private final Counter traitsDropped;
    private final Timer latency;
    private final Timer swapHeld;
    private final Counter swaps;
    private final AtomicLong generation = new AtomicLong();
    private final Map<Reason, Counter> deadLetters = new EnumMap<>(Reason.class);
    private final Map<ModelVersion, ForModel> models = new ConcurrentHashMap<>();

    /** Without a trail. */
    public ScoringMeters(MeterRegistry registry) {
        this(registry, Trail.OFF);
    }

    /** @param trail what is told of single events, beside what is counted of all of them */
    public ScoringMeters(MeterRegistry registry, Trail trail) {
        this.registry = registry;
        this.trail = trail;
        this.events = Counter.builder("millrace.events.processed")
                .description("Events read from user-events and not seen before")
                .register(registry);
        this.duplicates = Counter.builder("millrace.events.duplicate")
                .description("Events that were seen within the last 24 hours and not scored again")
                .register(registry);
        this.late = arrivals("late");
        this.tooLate = arrivals("too-late");
        this.traitsDropped = Counter.builder("millrace.traits.dropped")
                .description("Traits that did not fit into their user's profile")
                .register(registry);
        this.latency = Timer.builder("millrace.prediction.latency")
                .description("From the receipt of an event at the door to its prediction being emitted")
                .serviceLevelObjectives(Buckets.latency())
                .register(registry);
        this.swapHeld = Timer.builder("millrace.swap.held")
                .description("How long a stream thread was kept from events by a step of a change of models")
                .serviceLevelObjectives(Buckets.work())
                .register(registry);
        this.swaps = Counter.builder("millrace.swaps")
                .description("Changes of models, one a stream thread")
                .register(registry);
        Gauge.builder("millrace.models.generation", generation, AtomicLong::get)
                .description("The newest generation of models that a stream thread scores with, since the start")
                .register(registry);
        for (Reason reason : Reason.values()) {
            deadLetters.put(
                    reason,
                    Counter.builder("millrace.dead.letters")
                            .description("Records that went to dead-letters, by reason")
                            .tag("reason", reason.code())
                            .register(registry));
        }
    }

    public Trail trail() {
        return trail;
    }

    public void event() {
        events.increment();
    }

    public void duplicate() {
        duplicates.increment();
    }

    /** The event is older than its user's newest, but within the lateness. */
    public void late() {
        late.increment();
    }

    /** The event is older than the lateness allows and does not count in the features. */
    public void tooLate() {
        tooLate.increment();
    }

    /** @param count 0 or more */
    public void traitsDropped(int count) {
        if (count > 0) {
            traitsDropped.increment(count);
        }
    }

    public void deadLetter(DeadLetter letter) {
        trail.deadLetter(letter);
        Counter counter = deadLetters.get(letter.reason());
        if (counter != null) {
            counter.increment();
        }
    }

    /** A prediction left the scorer. */
    public void predicted(Instant received, Instant scored) {
        latency.record(Math.max(0, scored.toEpochMilli() - received.toEpochMilli()), TimeUnit.MILLISECONDS);
    }

    /** A stream thread was kept from events by a step towards another generation of models. */
    public void swapHeld(long nanos) {
        swapHeld.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A stream thread scores with this generation from now on. */
    public void generation(long number) {
        generation.accumulateAndGet(number, Math::max);
        swaps.increment();
    }

    private Counter arrivals(String arrival) {
        return Counter.builder("millrace.events.late")
                .description("Events older than their user's newest; those too late do not count in the features")
                .tag("arrival", arrival)
                .register(registry);
    }

    public ForModel of(ModelVersion model) {
        return models.computeIfAbsent(model, version -> new ForModel(registry, version));
    }

    /**
     * Takes the meters of all other versions away, so that there are no more of them than versions that score. A version
     * that scores again begins at 0.
     */
    public void retain(Set<ModelVersion> versions) {
        models.entrySet().removeIf(model -> {
            boolean retired = !versions.contains(model.getKey());
            if (retired) {
                model.getValue().all().forEach(registry::remove);
            }
            return retired;
        });
    }

    /** What one model version's scoring counts. */
    public static final class ForModel {
        private final DistributionSummary batchSize;
        private final Timer inference;
        private final Map<Role, Counter> predictions = new EnumMap<>(Role.class);
        private final Map<Role, Counter> failures = new EnumMap<>(Role.class);

        private ForModel(MeterRegistry registry, ModelVersion model) {
            this.batchSize = DistributionSummary.builder("millrace.batch.size")
                    .description("Events in one micro-batch")
                    .serviceLevelObjectives(1, 8, 64, 256, 1024)
                    .tag("model", model.name())
                    .tag("version", model.version())
                    .register(registry);
            this.inference = Timer.builder("millrace.inference")
                    .description("One micro-batch through the model")
                    .serviceLevelObjectives(Buckets.work())
                    .tag("model", model.name())
                    .tag("version", model.version())
                    .register(registry);
            for (Role role : Role.values()) {
                predictions.put(
                        role,
                        counter(registry, "millrace.predictions", "Predictions handed to their topic", model, role));
                failures.put(
                        role,
                        counter(
                                registry,
                                "millrace.model.failures",
                                "Events that a model could not score",
                                model,
                                role));
            }
        }

        private static Counter counter(
                MeterRegistry registry, String name, String description, ModelVersion model, Role role) {
            return Counter.builder(name)
                    .description(description)
                    .tag("model", model.name())
                    .tag("version", model.version())
                    .tag("role", role.text())
                    .register(registry);
        }

        private Stream<Meter> all() {
            return Stream.of(Stream.of(batchSize, inference), predictions.values().stream(), failures.values().stream())
                    .flatMap(meters -> meters);
        }

        /** A prediction left in this role. */
        public void predicted(Role role) {
            increment(predictions, role);
        }

        /** The model threw, or its score was not finite. */
        public void failed(Role role) {
            increment(failures, role);
        }

        private static void increment(Map<Role, Counter> counters, Role role) {
            Counter counter = counters.get(role);
            if (counter != null) {
                counter.increment();
            }
        }

        /** A batch went through the model. */
        public void batch(int size, long nanos) {
            batchSize.record(size);
            inference.record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
