package io.millrace.standalone.bench;

import io.millrace.standalone.bench.load.HttpLoad;
import io.millrace.standalone.bench.load.Outcome;
import io.millrace.standalone.bench.load.Samples;
import io.millrace.standalone.bench.load.Schedule;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The way from a post to who reads what was made of it: numbered events through a door and a scorer to two consumers, of what
 * is committed and of all. Used by one thread; whoever makes it closes it, before the door.
 */
final class Pipeline implements AutoCloseable {
    private static final int CONNECTIONS = 64;
    /** Events under way at most while it warms up: enough for full batches, and done within moments. */
    private static final int WINDOW = 8_000;

    private static final Duration SLICE = Duration.ofSeconds(2);
    private static final Duration FIRST = Duration.ofMinutes(2);
    private static final Duration LAST = Duration.ofSeconds(30);
    private static final int MOST_TO_WARM = 4_000_000;

    private final Door door;
    private final Child broker;
    private final Consumer<String> said;
    private final Child scorer;
    private final NumberedEvents events;
    private final HttpLoad load;
    private final Arrivals committed;
    private final Arrivals uncommitted;
    private long next;

    /**
     * Times from when an event was due.
     *
     * @param posted to the door's answer
     * @param committed to a consumer that reads what is committed
     * @param uncommitted to one that reads all and leaves out what came before
     * @param doorMicros CPU time of the door an event
     */
    record Times(
            Samples posted,
            Samples committed,
            Samples uncommitted,
            double doorMicros,
            double scorerMicros,
            double brokerMicros) {}

    Pipeline(Sitting sitting, Door door, Child scorer, Variant variant)
            throws BenchFailedException, IOException, InterruptedException {
        this.door = door;
        this.broker = sitting.broker();
        this.said = sitting.said();
        this.scorer = scorer;
        this.events = new NumberedEvents(door.address(), Door.WRITE_KEY);
        String topic = variant.isMillrace() ? Topic.PREDICTIONS.topicName() : TopologyMain.OUT;
        this.load = new HttpLoad(door.address(), CONNECTIONS);
        this.committed = new Arrivals(sitting.bootstrap(), topic, "read_committed");
        this.uncommitted = new Arrivals(sitting.bootstrap(), topic, "read_uncommitted");
    }

    /**
     * Lets so many events be under way as make batches full until they go through no faster than before.
     *
     * @return events a second
     */
    double warmUp(Duration atMost) throws BenchFailedException, IOException, InterruptedException {
        // The first event waits for the scorer's start.
        expect(1);
        accepted(load.run(events, Schedule.steady(1_000, 1)));
        if (!came(1, FIRST)) {
            throw new BenchFailedException("nothing was made of an event within " + FIRST.toMinutes() + " minutes");
        }
        next++;
        expect(MOST_TO_WARM);
        Warmth warmth = new Warmth(SLICE, atMost);
        Outcome outcome = load.run(events, new Warming(warmth, committed::came));
        accepted(outcome);
        tell(outcome.accepted(), came(outcome.accepted(), LAST));
        next += outcome.accepted();
        return warmth.speed();
    }

    /** Keeps so many under way, and looks every other second how many came out: until they are no more than before. */
    private static final class Warming implements Schedule {
        private final Warmth warmth;
        private final LongSupplier came;
        private final Schedule window;
        private long lookedAt;
        private long cameBefore;

        Warming(Warmth warmth, LongSupplier came) {
            this.warmth = warmth;
            this.came = came;
            this.window = Schedule.window(came, WINDOW, FIRST);
        }

        @Override
        public long due(long number, long elapsed) {
            if (number == MOST_TO_WARM) {
                return END;
            }
            if (elapsed - lookedAt >= SLICE.toNanos()) {
                long now = came.getAsLong();
                if (warmth.add((now - cameBefore) / ((elapsed - lookedAt) / 1e9))) {
                    return END;
                }
                lookedAt = elapsed;
                cameBefore = now;
            }
            return window.due(number, elapsed);
        }
    }

    /**
     * A steady pace.
     *
     * @param settling seconds at first that are not measured, when what was warmed up by floods meets small batches and commits
     *     that follow each other
     */
    Times measure(int perSecond, int settling, int seconds)
            throws BenchFailedException, IOException, InterruptedException {
        int first = perSecond * settling;
        int count = first + perSecond * seconds;
        expect(count);
        Cpu before = new Cpu();
        Outcome outcome = load.run(events, Schedule.steady(perSecond, count));
        accepted(outcome);
        tell(count, came(count, LAST));
        Cpu after = new Cpu();
        next += count;
        return new Times(
                outcome.took(),
                committed.since(outcome.began(), perSecond, first),
                uncommitted.since(outcome.began(), perSecond, first),
                Cpu.micros(before.door, after.door, count),
                Cpu.micros(before.scorer, after.scorer, count),
                Cpu.micros(before.brokers, after.brokers, count));
    }

    private final class Cpu {
        final Duration door = Pipeline.this.door.child().cpu();
        final Duration scorer = Pipeline.this.scorer.cpu();
        final Duration brokers = broker.cpu();

        static double micros(Duration from, Duration to, int events) {
            return to.minus(from).toNanos() / 1e3 / events;
        }
    }

    private void expect(int count) {
        events.beginAt(next);
        committed.expect(next, count);
        uncommitted.expect(next, count);
    }

    private boolean came(long count, Duration patience) throws BenchFailedException, InterruptedException {
        return committed.await(count, scorer, patience) && uncommitted.await(count, scorer, patience);
    }

    private void tell(long count, boolean all) {
        if (!all) {
            said.accept(
                    "of " + count + " events " + committed.came() + " came out within " + LAST.toSeconds()
                            + " s: the machine is too slow for the pace, or too busy; the others count as what they have waited");
        }
    }

    private static void accepted(Outcome outcome) throws BenchFailedException {
        if (outcome.failed() > 0) {
            throw new BenchFailedException("the door did not accept all events: " + outcome.failures());
        }
    }

    @Override
    public void close() throws IOException {
        load.close();
        committed.close();
        uncommitted.close();
    }
}
