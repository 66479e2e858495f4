package io.millrace.standalone.bench;

import io.millrace.standalone.bench.load.HttpLoad;
import io.millrace.standalone.bench.load.Outcome;
import io.millrace.standalone.bench.load.Requests;
import io.millrace.standalone.bench.load.Schedule;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What one door gets when it is its turn: on every connection the next request as soon as the one before is answered.
 *
 * @param name of the door; empty for ours
 * @param process what it costs
 * @param withBroker whether the broker works for it, too
 */
record Turn(
        Sitting sitting,
        String name,
        InetSocketAddress address,
        Running process,
        boolean withBroker,
        Requests requests) {
    private static final Duration START = Duration.ofMinutes(2);
    /** In which what was left over is done. */
    private static final Duration BREATH = Duration.ofMillis(300);

    Outcome flood(int connections, Duration time) throws BenchFailedException, IOException, InterruptedException {
        try (HttpLoad load = new HttpLoad(address, connections)) {
            return load.run(requests, Schedule.flood(time));
        } catch (IOException e) {
            throw new BenchFailedException((name.isEmpty() ? "the door" : name) + ": " + e.getMessage());
        } finally {
            TimeUnit.NANOSECONDS.sleep(BREATH.toNanos());
        }
    }

    /** Until one request is accepted: a door may answer before those that it asks. */
    void awaitAccepted(Child behind) throws BenchFailedException, IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        Outcome last = flood(1, BREATH);
        while (last.accepted() == 0) {
            behind.requireAlive("what is behind the door");
            if (System.nanoTime() - deadline > 0) {
                throw new BenchFailedException("the door accepts nothing: " + last.failures());
            }
            last = flood(1, BREATH);
        }
    }

    /**
     * One slice.
     *
     * @param load its name
     * @param pieces what one request counts for
     */
    DoorFigures.Slice slice(String load, int connections, int pieces, Duration time)
            throws BenchFailedException, IOException, InterruptedException {
        process.forgetPeak();
        Duration cpu = process.cpu();
        Duration brokerCpu = sitting.broker().cpu();
        Outcome outcome = flood(connections, time);
        long count = outcome.accepted() * pieces;
        if (count == 0) {
            throw new BenchFailedException(
                    (name.isEmpty() ? "the door" : name) + " accepted nothing: " + outcome.failures());
        }
        if (outcome.failed() > 0) {
            sitting.said().accept((name.isEmpty() ? "the door" : name) + ", " + load + ": " + outcome.failures());
        }
        return new DoorFigures.Slice(
                outcome.acceptedPerSecond() * pieces,
                micros(process.cpu().minus(cpu), count),
                withBroker ? micros(sitting.broker().cpu().minus(brokerCpu), count) : 0,
                process.peakMegabytes(),
                outcome.took().millis(0.5),
                outcome.took().millis(0.99),
                outcome.failed());
    }

    private static double micros(Duration cpu, long count) {
        return cpu.toNanos() / 1e3 / count;
    }
}
