package io.millrace.processor.score;

import io.millrace.codec.RecordHeaders;
import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.deadletter.Redrive;
import io.millrace.event.Erasure;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.Profile;
import io.millrace.identity.Traceparent;
import io.millrace.identity.UserKey;
import io.millrace.processor.deadletter.AfterTakenException;
import io.millrace.processor.feature.StateBackup;
import io.millrace.processor.observe.ScoringMeters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task does with a record: an event that was not seen before changes its user at once, and what it is scored with
 * waits in the queue. Belongs to the task's thread.
 */
final class EventIntake {
    private static final Logger log = LoggerFactory.getLogger(EventIntake.class);

    private final ScoreTask task;
    private final ScoringMeters meters;
    private final StateBackup before = new StateBackup();

    EventIntake(ScoreTask task, ScoringMeters meters) {
        this.task = task;
        this.meters = meters;
    }

    /** @param arrived what the record holds; null where it has no value */
    void take(Record<byte[], Incoming> record, @Nullable ArrivedEvent arrived) {
        ProcessorRecordContext origin = task.context().recordContext();
        Traceparent trace = RecordHeaders.traceparent(record.headers()).orElse(null);
        if (arrived == null) {
            String detail = "the record has no value: expected an event";
            task.refuse(Stage.DECODE, Reason.TOMBSTONE, detail, null, record.key(), trace);
            return;
        }
        UserKey user = arrived.event().user();
        byte[] key = user.text().getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(key, record.key())) {
            String detail = "the record's key is not its event's user: expected \"" + user.text()
                    + "\"; the event may stand on another partition than its user's state";
            task.refuse(Stage.DECODE, Reason.UNDECODABLE, detail, arrived, record.key(), trace);
            return;
        }
        String ahead = arrived.ahead(task.emitter().now().plus(SeenEvents.MOST_AHEAD));
        if (ahead != null) {
            task.refuse(
                    arrived.isAgain() ? Stage.SCORE : Stage.DECODE,
                    Reason.TIMESTAMP_OUT_OF_RANGE,
                    ahead,
                    arrived,
                    record.key(),
                    trace);
            return;
        }
        if (!task.seen().isNew(arrived.event(), arrived.redrive())) {
            meters.duplicate();
            meters.trail().duplicate(arrived.event(), trace);
            return;
        }
        if (arrived.event().kind() == EventKind.ERASE) {
            erase(arrived.event(), key, trace);
            return;
        }
        meters.event();
        if (arrived.isAgain()) {
            takeAgain(arrived, user, key, origin, trace);
        } else {
            take(arrived, key, origin, trace);
        }
    }

    /** What waits goes out first: it is of before. That the order was obeyed is all that is remembered. */
    private void erase(Event order, byte[] key, @Nullable Traceparent trace) {
        task.queue().drain();
        task.users().put(key, null);
        int seen = task.seen().forget(key);
        task.seen().remember(order, null, key);
        task.emitter().erased(order.user(), key, trace);
        log.atInfo()
                .addKeyValue("user_hash", Erasure.hash(order.user()))
                .addKeyValue("partition", task.context().taskId().partition())
                .addKeyValue("seen_ids", seen)
                .log("A user is erased");
    }

    /** An event that a model refused and that was put back: it is in the features, and others may have scored it. */
    private void takeAgain(
            ArrivedEvent arrived,
            UserKey user,
            byte[] key,
            ProcessorRecordContext origin,
            @Nullable Traceparent trace) {
        Redrive redrive = Objects.requireNonNull(arrived.redrive());
        String refusedBy = redrive.model();
        String name = refusedBy == null ? null : refusedBy.substring(0, (refusedBy + "@").indexOf('@'));
        Generation generation = task.scoring().generation();
        List<Waiting> shares = new ArrayList<>();
        new Shares(arrived, key, trace, origin, meters.trail())
                .divide(
                        generation,
                        generation.again(user, task.users().get(key).value().bytes(), arrived.event(), name),
                        shares::add);
        task.seen().remember(arrived.event(), redrive, key);
        if (shares.isEmpty() && name != null) {
            String detail = "model " + name + ": it does not score such events any more, so nobody does";
            task.refuse(Stage.SCORE, Reason.MODEL_FAILED, detail, arrived, key, trace);
        }
        shares.forEach(task.queue()::add);
    }

    private void take(ArrivedEvent arrived, byte[] key, ProcessorRecordContext origin, @Nullable Traceparent trace) {
        RecentUsers.User user = task.users().get(key);
        Generation generation = task.scoring().generation();
        UserSteps.Step step = step(generation, user, arrived, key);
        task.users().put(user);
        List<Waiting> shares = new ArrayList<>();
        try {
            tell(arrived, key, step, trace);
            new Shares(arrived, key, trace, origin, meters.trail()).divide(generation, step.featurized(), shares::add);
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new AfterTakenException(e);
        }
        shares.forEach(task.queue()::add);
    }

    /**
     * The event changes its user and is remembered, both or none: what throws here is as if it had not come, what throws after
     * says that it had.
     */
    private UserSteps.Step step(Generation generation, RecentUsers.User user, ArrivedEvent arrived, byte[] key) {
        Event event = arrived.event();
        UserValue value = user.value();
        try {
            value.read(event.user(), generation.steps());
        } catch (RuntimeException e) {
            task.users().forget(user);
            throw e;
        }
        before.save(value.state());
        try {
            UserSteps.Step step = generation.take(value, event);
            byte[] open = task.quality().taken(generation, event, step.newer(), value.open());
            task.seen().remember(event, arrived.redrive(), key);
            value.become(step.enrichment().profile(), open, step.state());
            return step;
        } catch (RuntimeException e) {
            before.restore(value.state());
            throw e;
        }
    }

    private void tell(ArrivedEvent arrived, byte[] key, UserSteps.Step step, @Nullable Traceparent trace) {
        Profile profile = step.enrichment().profile();
        if (step.enrichment().changed() && profile != null) {
            task.emitter().profile(key, profile, arrived.event().times().received(), trace);
        }
        meters.traitsDropped(step.enrichment().dropped());
        switch (step.arrival()) {
            case IN_ORDER -> {}
            case LATE -> meters.late();
            case TOO_LATE -> meters.tooLate();
        }
    }
}
