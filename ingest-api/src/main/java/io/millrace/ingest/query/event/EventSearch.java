package io.millrace.ingest.query.event;

import io.millrace.codec.DeadLetterCodec;
import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.deadletter.DeadLetter;
import io.millrace.event.Event;
import io.millrace.ingest.query.topic.TopicReaders;
import io.millrace.ingest.query.topic.TopicReaders.Loan;
import io.millrace.topic.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for an event on user-events and dead-letters, both at once, on few threads with a consumer each. Thread-safe;
 * whoever makes it closes it.
 */
final class EventSearch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSearch.class);
    private static final int TOPICS = 2;
    private static final int WAITING = 4;
    private static final int POLL_RECORDS = 5_000;
    /** How long dead letters are still searched for, of an event that was scored and found. */
    private static final Duration GRACE = EventsConfig.GRACE;

    /** What came of a topic, or why nothing did. */
    sealed interface Part {
        record Done(Searched searched) implements Part {}

        record Missing(String topic, String reason) implements Part {}
    }

    /** Both topics. */
    record Parts(Part events, Part letters) {}

    private final TopicReaders readers;
    private final ThreadPoolExecutor threads;
    private final Duration deadline;
    private final Clock clock;

    EventSearch(EventsConfig config, Clock clock) {
        int most = config.searches() * TOPICS;
        this.readers = new TopicReaders(config.bootstrap(), "millrace-ingest-search", most, POLL_RECORDS);
        this.threads = new ThreadPoolExecutor(
                most, most, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(most * WAITING), task -> {
                    Thread thread = new Thread(task, "millrace-search");
                    thread.setDaemon(true);
                    return thread;
                });
        this.deadline = config.deadline();
        this.clock = clock;
    }

    /**
     * Begins; always completes, a moment after the deadline at the latest.
     *
     * @param seen when the event was received that was scored, where one was: then nobody waits long for its dead letters
     */
    CompletableFuture<Parts> begin(Wanted wanted, Optional<Instant> seen) {
        Instant now = clock.instant();
        Needle needle = new Needle(wanted.id().value());
        TimeLimit limit = new TimeLimit(deadline);
        TimeLimit lettersLimit = new TimeLimit(deadline);
        List<Window> windows = windows(wanted, seen, now);
        CompletableFuture<Part> events = part(Topic.USER_EVENTS, loan -> {
            Searched searched = new TopicSearch(
                            loan.consumer(), Topic.USER_EVENTS, found -> event(found, needle, wanted), limit, now)
                    .through(windows, wanted.key().orElse(null));
            if (seen.isPresent() && !searched.findings().isEmpty()) {
                lettersLimit.shorten(GRACE);
            }
            return searched;
        });
        CompletableFuture<Part> letters = part(
                Topic.DEAD_LETTERS,
                loan -> new TopicSearch(
                                loan.consumer(),
                                Topic.DEAD_LETTERS,
                                found -> letter(found, needle, wanted),
                                lettersLimit,
                                now)
                        .through(windows, null));
        return events.thenCombine(letters, Parts::new);
    }

    private static List<Window> windows(Wanted wanted, Optional<Instant> seen, Instant now) {
        if (wanted.isBounded()) {
            return Window.between(wanted.from(), wanted.to());
        }
        return seen.or(wanted::madeAt)
                .filter(time -> time.isBefore(now.plus(GRACE)))
                .map(Window::around)
                .orElseGet(() -> Window.backwards(now));
    }

    private CompletableFuture<Part> part(Topic topic, Function<Loan, Searched> search) {
        String name = topic.topicName();
        try {
            return CompletableFuture.supplyAsync(() -> run(search), threads)
                    .orTimeout(deadline.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(failure -> new Part.Missing(name, reason(name, failure)));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(new Part.Missing(name, "too many events are looked for already"));
        }
    }

    private Part run(Function<Loan, Searched> search) {
        Optional<Loan> loan = readers.borrow();
        if (loan.isEmpty()) {
            throw new IllegalStateException("there are as many consumers as threads");
        }
        try (Loan lent = loan.get()) {
            Searched searched = search.apply(lent);
            lent.isSound();
            return new Part.Done(searched);
        }
    }

    private static String reason(String topic, Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "the topic did not answer in time";
        }
        LOG.atWarn().addKeyValue("topic", topic).setCause(failure).log("A topic cannot be searched");
        return "the topic cannot be read at this moment";
    }

    private static Optional<Finding> event(ConsumerRecord<byte[], byte[]> found, Needle needle, Wanted wanted) {
        if (found.value() == null || !needle.isIn(found.value())) {
            return Optional.empty();
        }
        try {
            Event event = EventCodec.decode(found.value());
            return wanted.is(event)
                    ? Optional.of(new Finding.Arrived(
                            found.topic(),
                            found.partition(),
                            found.offset(),
                            event,
                            RecordHeaders.traceparent(found.headers()).orElse(null),
                            RecordHeaders.redrive(found.headers()).isPresent()))
                    : Optional.empty();
        } catch (DecodeException e) {
            // No event; its dead letter tells of it.
            return Optional.empty();
        }
    }

    private static Optional<Finding> letter(ConsumerRecord<byte[], byte[]> found, Needle needle, Wanted wanted) {
        if (found.value() == null || !needle.isIn(found.value())) {
            return Optional.empty();
        }
        try {
            DeadLetter letter = DeadLetterCodec.decode(found.value());
            return wanted.is(letter)
                    ? Optional.of(new Finding.Letter(found.topic(), found.partition(), found.offset(), letter))
                    : Optional.empty();
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("A search does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        readers.close();
    }
}
