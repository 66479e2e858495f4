package io.millrace.standalone.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * An endless stream of shoppers' events in the order of their times, at a mean rate. The same seed and start give the same
 * events. Not thread-safe.
 */
public final class Shoppers {
    /** Measured over half a million simulated events; it turns a rate of events into a rate of visits. */
    private static final double EVENTS_PER_VISIT = 7.8;

    private static final double EXPONENT = 0.8;
    private static final List<String> PLANS = List.of("free", "free", "free", "plus", "pro");
    private static final List<String> COUNTRIES = List.of("DE", "FR", "PL", "ES", "NL");

    private final RandomGenerator random;
    private final Catalogue catalogue;
    private final List<Shopper> shoppers = new ArrayList<>();
    private final Zipf activity;
    private final PriorityQueue<Visit> visits = new PriorityQueue<>(Comparator.comparing(Visit::next));
    private final double visitsPerSecond;
    private final String run;
    private long visit;
    private Instant nextVisit;

    /**
     * @param rate mean events a second
     * @param users how many people there are
     */
    public Shoppers(double rate, int users, long seed, Instant start) {
        random = new SplittableRandom(seed);
        catalogue = new Catalogue(random);
        for (int i = 0; i < users; i++) {
            shoppers.add(shopper(i));
        }
        activity = new Zipf(users, EXPONENT);
        visitsPerSecond = rate / EVENTS_PER_VISIT;
        run = Long.toString(seed, 36) + "-" + Long.toString(start.toEpochMilli(), 36);
        nextVisit = start;
        openTheDoors(start);
    }

    /** The next event, not before the last one. */
    public SimulatedEvent next() {
        Visit first = visits.peek();
        while (first == null || nextVisit.isBefore(first.next())) {
            visits.add(visit(nextVisit));
            nextVisit = nextVisit.plus(exponential(1 / visitsPerSecond));
            first = visits.peek();
        }
        Visit due = visits.remove();
        SimulatedEvent event = due.step();
        if (!due.ended()) {
            visits.add(due);
        }
        return event;
    }

    // A shop that has been open for a while, so that the rate is there from the first second.
    private void openTheDoors(Instant start) {
        double meanVisitSeconds = EVENTS_PER_VISIT * 18;
        long inside = Math.round(visitsPerSecond * meanVisitSeconds);
        for (long i = 0; i < inside; i++) {
            visits.add(visit(start.plus(Duration.ofMillis(random.nextLong(18_000)))));
        }
    }

    private Visit visit(Instant at) {
        String session = "s" + run + "-" + visit++;
        return new Visit(catalogue, random, shoppers.get(activity.draw(random)), session, at);
    }

    private Duration exponential(double meanSeconds) {
        return Duration.ofMillis(Math.round(-Math.log(1 - random.nextDouble()) * meanSeconds * 1000));
    }

    private Shopper shopper(int number) {
        boolean known = random.nextInt(10) < 7;
        return new Shopper(
                (known ? "user-" : "visitor-") + number,
                known,
                random.nextDouble(),
                PLANS.get(random.nextInt(PLANS.size())),
                COUNTRIES.get(random.nextInt(COUNTRIES.size())),
                18 + random.nextInt(60));
    }
}
