package io.millrace.processor.store;

import io.millrace.deadletter.DeadLetter;
import io.millrace.processor.observe.Trail;
import io.millrace.trace.Step;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer's life on its thread with one consumer: poll, decide, store, again. While the database is away everything is
 * paused and the batch in hand kept, but polling goes on, so that the group does not take us for dead.
 */
final class WriterLoop {
    private static final Logger log = LoggerFactory.getLogger(WriterLoop.class);
    private static final Duration LONGEST_POLL = Duration.ofMillis(500);
    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LOOKS_AT_TOPICS = Duration.ofSeconds(10);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Database database;
    private final RefusedRows refusedRows;
    private final StoreMeters meters;
    private final StoreStatus status;
    private final Clock clock;
    private final Trail trail;
    private final TopicIds topics;
    private final BooleanSupplier ready;
    private final Intake intake;
    private final Assignment assignment;
    private final Backoff backoff;
    private Batch batch;
    private Instant nextReport = Instant.MIN;
    private Instant nextLookAtTopics = Instant.MIN;

    WriterLoop(
            KafkaConsumer<byte[], byte[]> consumer,
            Database database,
            RefusedRows refusedRows,
            StoreMeters meters,
            StoreStatus status,
            Clock clock,
            Duration longestBackoff,
            Trail trail,
            TopicIds topics,
            BooleanSupplier ready) {
        this.ready = ready;
        this.topics = topics;
        this.trail = trail;
        this.consumer = consumer;
        this.database = database;
        this.refusedRows = refusedRows;
        this.meters = meters;
        this.status = status;
        this.clock = clock;
        intake = new Intake(database.partitions(), clock);
        batch = new Batch(ConsumerRecords.empty(), intake);
        assignment = new Assignment(consumer, gone -> batch.forget(gone));
        backoff = new Backoff(longestBackoff);
    }

    Assignment assignment() {
        return assignment;
    }

    /** One turn. The batch in hand is stored before the next is read. */
    void turn() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(wait(backoff));
        if (!records.isEmpty()) {
            batch = new Batch(records, intake);
        }
        if (!backoff.remaining().isZero()) {
            return;
        }
        try {
            database.makeReady();
            if (!ready.getAsBoolean()) {
                // Nothing is read before positions are.
                return;
            }
            assignment.position(database, topics);
            while (!batch.isDone()) {
                storePiece();
            }
            succeeded();
        } catch (FencedException e) {
            meters.fenced();
            log.atWarn().setCause(e).log("Another writer has stored records of this batch; its offsets are read anew");
            batch = new Batch(ConsumerRecords.empty(), intake);
            assignment.forget();
        } catch (SQLException | StoreSchemaException | RefusalFailedException | RetriableException e) {
            failed(e);
        }
        report();
    }

    private static Duration wait(Backoff backoff) {
        Duration remaining = backoff.remaining();
        return backoff.failing() && remaining.compareTo(LONGEST_POLL) < 0 ? remaining : LONGEST_POLL;
    }

    private void storePiece() throws SQLException, FencedException {
        Batch.Piece piece = batch.piece();
        for (Intake.Decision.Refuse refuse : piece.refused()) {
            handOver(refuse.letter());
        }
        batch.handedOver();
        List<Step> steps =
                piece.rows().stream().map(row -> trail.store(row.prediction())).toList();
        long start = System.nanoTime();
        int inserted;
        try {
            inserted = database.write(piece.rows(), assignment.advances(piece.ends()));
        } catch (SQLException e) {
            steps.forEach(step ->
                    step.failed("not stored: it is tried again, or refused").end());
            if (SqlFault.of(e) == SqlFault.ROW && !piece.rows().isEmpty()) {
                batch.refused(intake, e.getMessage());
                return;
            }
            throw e;
        }
        batch.stored();
        assignment.stored(piece.ends());
        meters.written(piece.rows().size(), inserted, Duration.ofNanos(System.nanoTime() - start));
        for (int i = 0; i < steps.size(); i++) {
            trail.stored(piece.rows().get(i).prediction(), steps.size(), steps.get(i));
        }
        meters.passedOver(piece.passedOver());
    }

    private void handOver(DeadLetter letter) {
        try {
            refusedRows.refuse(letter);
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new RefusalFailedException(e);
        }
        trail.deadLetter(letter);
        meters.refused(1);
    }

    private void succeeded() {
        if (backoff.failing()) {
            log.atInfo().log("The store works again");
            assignment.resume();
            backoff.succeeded();
        }
        status.succeeded(clock.instant());
    }

    private void failed(Exception e) {
        if (!backoff.failing()) {
            log.atWarn().setCause(e).log("The store cannot be written; reading is paused until it can");
        }
        meters.failure();
        backoff.failed();
        database.close();
        assignment.pause();
        status.failed(e);
    }

    private void report() {
        Instant now = clock.instant();
        if (now.isBefore(nextReport)) {
            return;
        }
        nextReport = now.plus(BETWEEN_REPORTS);
        assignment.publish();
        try {
            if (!now.isBefore(nextLookAtTopics)) {
                nextLookAtTopics = now.plus(BETWEEN_LOOKS_AT_TOPICS);
                lookAtTopics();
            }
            long lag = assignment.lag(batch);
            meters.lag(lag);
            status.lag(lag);
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            log.atDebug().setCause(e).log("The broker did not tell the ends of the partitions");
        }
    }

    /** One that is made anew behind a running reader is read on at offsets that are another's. */
    private void lookAtTopics() {
        if (assignment.isOfAnotherTopic(topics)) {
            log.atError().log("A topic was made anew: its positions are read anew");
            batch = new Batch(ConsumerRecords.empty(), intake);
            assignment.forget();
        }
    }

    /** The dead letters did not take a record; it is offered again. */
    private static final class RefusalFailedException extends RuntimeException {
        RefusalFailedException(RuntimeException cause) {
            super("the dead letters did not take a refused record", cause);
        }
    }
}
