package io.millrace.standalone.simulate;

import io.millrace.standalone.post.Door;
import io.millrace.standalone.post.Lanes;
import io.millrace.standalone.post.Pace;
import io.millrace.standalone.post.Posting;
import io.millrace.standalone.post.PostingFailedException;
import io.millrace.standalone.post.Tally;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongConsumer;

/**
 * Lets shoppers shop: against a door in real time, or into a file at once.
 *
 * @param rate mean events a second
 * @param users how many people there are
 * @param seed of everything that is drawn
 */
public record Simulation(double rate, int users, long seed) {
    private static final int REQUESTS_IN_FLIGHT = 2;

    /**
     * Posts each event when it happens, until the end, an interrupt, or a door that takes nothing.
     *
     * @param end how long from now
     * @param patience how long to try again while the door does not answer
     * @param watcher hears the number of events so far
     */
    public void post(Door door, Duration end, Duration patience, Tally tally, LongConsumer watcher)
            throws PostingFailedException, InterruptedException {
        Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Shoppers shoppers = new Shoppers(rate, users, seed, start);
        Instant last = start.plus(end);
        Pace pace = new Pace(1);
        pace.await(start);
        try (Lanes lanes = new Lanes(door, REQUESTS_IN_FLIGHT, patience, tally, 1)) {
            long number = 1;
            for (SimulatedEvent event = shoppers.next(); event.at().isBefore(last); event = shoppers.next()) {
                pace.await(event.at());
                lanes.post(new Posting(number, event.user(), event.body()));
                watcher.accept(number++);
            }
            lanes.drain();
        }
    }

    /** Writes the events of a stretch of time as NDJSON; gives back how many. */
    public long write(Path file, Instant start, Duration length) throws IOException {
        Shoppers shoppers = new Shoppers(rate, users, seed, start);
        Instant last = start.plus(length);
        long count = 0;
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (SimulatedEvent event = shoppers.next(); event.at().isBefore(last); event = shoppers.next()) {
                out.write(event.body().toString());
                out.write('\n');
                count++;
            }
        }
        return count;
    }
}
