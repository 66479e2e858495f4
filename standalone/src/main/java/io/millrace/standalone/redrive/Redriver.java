package io.millrace.standalone.redrive;

import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.DecodeException;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Redrive;
import io.millrace.ingest.validate.EventReader;
import io.millrace.pipeline.PipelineFollower;
import io.millrace.standalone.redrive.LetterContent.Why;
import io.millrace.topic.Topic;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Puts chosen dead letters back on the path, each once (docs/decisions/0035): reads topic dead-letters as it is when it begins,
 * leaves what redrives says was put back, and writes the rest. May be run again at any time. Not thread-safe.
 */
public final class Redriver {
    /** Events in one transaction: few, because who reads their partitions waits for its end. */
    private static final int MOST_EVENTS = 200;

    private static final int TRANSACTIONS_A_SECOND = 10;

    private final RedriveConfig config;
    private final Clock clock;
    private final Listener listener;
    private final EventReader door;
    private final RedriveReport.Counting counting = new RedriveReport.Counting();
    private final RedrivenLetters redriven = new RedrivenLetters();
    private final ErasedUsers erased = new ErasedUsers();
    private final List<EventWriter.Letter> ready = new ArrayList<>();
    private int readyEvents;
    private long nextAt = System.nanoTime();

    /** Told how far it is, on the thread that runs it. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Told often.
         *
         * @param about how many letters there are about
         */
        void at(RedriveReport soFar, long about);
    }

    public Redriver(RedriveConfig config, Clock clock, Listener listener) {
        this.config = config;
        this.clock = clock;
        this.listener = listener;
        this.door = new EventReader(config.limits());
    }

    /** What {@link #run} would do. Writes nothing. */
    public RedriveReport rehearse() throws RedriveFailedException, InterruptedException {
        return guarded(() -> {
            read(null);
            return counting.report();
        });
    }

    /** Puts them back. */
    public RedriveReport run() throws RedriveFailedException, InterruptedException {
        return guarded(() -> {
            try (PipelineFollower pipeline =
                            PipelineFollower.start(config.bootstrap(), "millrace-redrive-pipeline", sighting -> {});
                    EventWriter writer = EventWriter.take(config, pipeline)) {
                read(writer);
                write(writer);
            }
            return counting.report();
        });
    }

    private interface Work {
        RedriveReport done() throws RedriveFailedException, InterruptedException;
    }

    private static RedriveReport guarded(Work work) throws RedriveFailedException, InterruptedException {
        try {
            return work.done();
        } catch (KafkaException e) {
            throw new RedriveFailedException(
                    "the broker does not answer: " + e.getMessage()
                            + "; what was put back stays, run it again to go on",
                    e);
        }
    }

    private void read(@Nullable EventWriter writer) throws RedriveFailedException, InterruptedException {
        try (LetterTopics topics = new LetterTopics(config)) {
            topics.read(Topic.REDRIVES, about -> {}, this::note);
            topics.read(Topic.ERASURES, about -> {}, erased::note);
            long[] about = new long[1];
            topics.read(Topic.DEAD_LETTERS, found -> about[0] = found, found -> {
                take(found, writer);
                listener.at(counting.report(), about[0]);
            });
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> found) {
        if (found.key() != null && found.value() != null) {
            try {
                redriven.add(LetterId.parse(new String(found.key(), java.nio.charset.StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException e) {
                // A foreign record: no letter has such an id.
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> found, @Nullable EventWriter writer)
            throws RedriveFailedException, InterruptedException {
        counting.read();
        LetterId id = new LetterId(found.partition(), found.offset());
        DeadLetter letter;
        try {
            letter = DeadLetterCodec.decode(found.value() == null ? new byte[0] : found.value());
        } catch (DecodeException e) {
            counting.stayed(Why.UNREADABLE);
            return;
        }
        if (!config.choice().takes(id, letter)) {
            return;
        }
        counting.chosen();
        LetterContent content = redriven.contains(id)
                ? new LetterContent.Stays(Why.REDRIVEN)
                : letter.attempts() >= config.mostAttempts()
                        ? new LetterContent.Stays(Why.ATTEMPTS)
                        : erased.without(LetterContent.of(letter, door), letter.failedAt());
        if (content instanceof LetterContent.Stays stays) {
            counting.stayed(stays.why());
        } else if (content instanceof LetterContent.Events events) {
            put(id, letter, events, writer);
        }
    }

    private void put(LetterId id, DeadLetter letter, LetterContent.Events events, @Nullable EventWriter writer)
            throws RedriveFailedException, InterruptedException {
        if (writer == null) {
            counting.putBack(1, events.records().size());
            return;
        }
        Redrive redrive = Redrive.of(id, letter, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        ready.add(new EventWriter.Letter(redrive, events.records(), letter.traceparent()));
        readyEvents += events.records().size();
        if (readyEvents >= Math.max(1, Math.min(MOST_EVENTS, config.rate() / TRANSACTIONS_A_SECOND))) {
            write(writer);
        }
    }

    private void write(EventWriter writer) throws RedriveFailedException, InterruptedException {
        if (ready.isEmpty()) {
            return;
        }
        // The events before these have so long, by the rate; time in which nothing was written is not made up for.
        long now = System.nanoTime();
        if (nextAt - now > 0) {
            TimeUnit.NANOSECONDS.sleep(nextAt - now);
        }
        writer.write(ready);
        nextAt = Math.max(nextAt, now) + TimeUnit.SECONDS.toNanos(readyEvents) / config.rate();
        counting.putBack(ready.size(), readyEvents);
        ready.clear();
        readyEvents = 0;
    }
}
