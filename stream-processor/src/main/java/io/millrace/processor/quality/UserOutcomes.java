package io.millrace.processor.quality;

import io.millrace.event.Event;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Role;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.quality.Meanwhile.Before;
import io.millrace.processor.quality.OpenPredictions.Late;
import io.millrace.quality.QualityRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One task's join of predictions with what their users do later: takes each event of a user and each prediction, keeps the
 * predictions that wait as bytes among the user's own state, and counts what becomes known. It happens in the task that
 * scores, on the state that commits with the scores, and so exactly once.
 *
 * <p>Belongs to one thread.
 */
public final class UserOutcomes {
    /** A user must have been silent for so long, by the time of receipt, before others' times decide for it. */
    private static final long SETTLED_MILLIS = Duration.ofMinutes(1).toMillis();
    /** A task that reads nothing for so long has read all there is: the clock may decide. */
    private static final long IDLE_MILLIS = Duration.ofMinutes(1).toMillis();

    private static final long FORGET_MILLIS = Duration.ofMinutes(10).toMillis();

    private final Quality quality;
    private final int partition;
    private final long grace;
    private final Tallies tallies;
    private final Meanwhile meanwhile = new Meanwhile();

    private long newestTime = Long.MIN_VALUE;
    private long newestReceipt = Long.MIN_VALUE;
    private long lastEventAt;
    private long forgotAt;

    /** @param nowMillis by the clock that {@link #swept} is given too */
    public UserOutcomes(Quality quality, Shelf shelf, int partition, long nowMillis) {
        this.quality = quality;
        this.partition = partition;
        this.forgotAt = nowMillis;
        this.grace = quality.config().grace().toMillis();
        this.tallies = new Tallies(quality, shelf, partition);
        this.lastEventAt = nowMillis;
    }

    /**
     * An event of a user.
     *
     * @param open the user's open predictions, among other bytes; times in them may be written over
     * @param newer the time of the user's newest event, where this one came late; else null
     * @return null where they stay as they are, else what takes their place; empty where none are left
     */
    public byte @Nullable [] event(
            Event event, byte[] open, int offset, int length, @Nullable Instant newer, long nowMillis) {
        long time = Observation.time(event.times());
        newestTime = Math.max(newestTime, time);
        newestReceipt = Math.max(newestReceipt, event.times().received().toEpochMilli());
        lastEventAt = nowMillis;
        Rules rules = quality.rules();
        if (rules.isAnyWaiting()) {
            meanwhile.came(event);
            if (newer != null) {
                meanwhile.cameLate(
                        event, new Before(newer.toEpochMilli(), Arrays.copyOfRange(open, offset, offset + length)));
            }
        }
        String name = Observation.name(event);
        List<Rule> matching = rules.matching(name);
        if (length == 0) {
            return rules.isNamed(name) ? taken(read(open, offset, length), event, time, matching) : null;
        }
        boolean hasOpen = OpenBytes.count(open, offset) > 0;
        boolean matters = rules.isNamed(name) || (hasOpen && !matching.isEmpty());
        if (!matters && time <= OpenBytes.due(open, offset)) {
            OpenBytes.passed(open, offset, time);
            return null;
        }
        return taken(read(open, offset, length), event, time, matching);
    }

    private static byte[] taken(OpenPredictions predictions, Event event, long time, List<Rule> matching) {
        predictions.event(event, time, matching);
        return predictions.encode();
    }

    /** Whether a prediction's user is to be read for {@link #predicted}; if not, it has been counted. */
    public boolean waits(Manifest manifest, Role role, Event event, Inputs inputs, float score) {
        Rule rule = quality.rules().of(manifest.model());
        if (rule == null) {
            return false;
        }
        long time = Observation.time(event.times());
        tallies.predicted(rule, role, time, inputs, score);
        if (rule.outcome != null && rule.outcome.isOwn()) {
            tallies.known(rule, role, time, score, rule.outcome.own(event));
        }
        return rule.waits();
    }

    /**
     * A prediction that waits, of an event that {@link #event} was told.
     *
     * @return as of {@link #event}
     */
    public byte @Nullable [] predicted(
            Manifest manifest, Role role, Event event, float score, byte[] open, int offset, int length) {
        Rule rule = quality.rules().of(manifest.model());
        if (rule == null || !rule.waits()) {
            return null;
        }
        OpenPredictions predictions = read(open, offset, length);
        predictions.received =
                Math.max(predictions.received, event.times().received().toEpochMilli());
        Before before = meanwhile.before(event);
        predictions.open(
                rule,
                role,
                Observation.time(event.times()),
                score,
                before == null ? null : new Late(before.newest(), read(before.open(), 0, before.open().length)),
                meanwhile.since(event),
                quality.config().open());
        return predictions.encode();
    }

    /** No prediction waits for its batch any more. */
    public void drained() {
        meanwhile.clear();
    }

    /** Before a commit, after {@link #drained}. */
    public void keep(long nowMillis) {
        tallies.keep(nowMillis);
    }

    /** Whether {@link #swept} might find something: what a user's bytes begin with. */
    public boolean isSweptFor(byte[] open, int offset) {
        return OpenBytes.count(open, offset) > 0;
    }

    /**
     * Looks at a user who may not come back. What waits is over when its time is over by the events of all users and this
     * one has been silent for a while, or when it has been silent for all of that time; silence is by the time of receipt,
     * or by the clock where nothing is left to read.
     *
     * @return as of {@link #event}
     */
    public byte @Nullable [] swept(byte[] open, int offset, int length, long nowMillis) {
        OpenPredictions predictions = read(open, offset, length);
        long now = nowMillis - lastEventAt >= IDLE_MILLIS ? nowMillis : newestReceipt;
        if (now == Long.MIN_VALUE || now - predictions.received < SETTLED_MILLIS) {
            return null;
        }
        long silent = now - predictions.received;
        int before = OpenBytes.count(open, offset);
        predictions.expire((outcome, scored) ->
                silent >= outcome.within() + grace || outcome.isOver(scored, predictions.complete(newestTime)));
        byte[] bytes = predictions.encode();
        return bytes.length > 0 && OpenBytes.count(bytes, 0) == before ? null : bytes;
    }

    /** Adds counts that another task has kept, under the key and in the bytes in which it kept them. */
    public void add(String key, byte[] counts, long nowMillis) {
        tallies.add(key, counts, nowMillis);
    }

    /** Whether what is kept under a key holds for every task, wherever its users come from. */
    public static boolean isForAll(String key) {
        return Tally.isClosedKey(key);
    }

    /** A record that says of a partition that is no more that nothing counts under it; empty where the model is not known. */
    public Optional<QualityRecord> none(String key, int gone, long nowMillis) {
        return tallies.none(key, gone, nowMillis);
    }

    /** Hands out counts that have changed, a bounded number at once. */
    public void publish(long nowMillis, Consumer<QualityRecord> sink) {
        tallies.publish(sink);
        quality.refresh(nowMillis);
    }

    /** This instance's meters no longer tell of the partition. */
    public void close() {
        quality.board().remove(partition);
    }

    /** Drops counts that nothing can change any more; looks at all of them at most every {@link #FORGET_MILLIS}. */
    public void forget(long nowMillis) {
        if (nowMillis - forgotAt >= FORGET_MILLIS) {
            forgotAt = nowMillis;
            tallies.forget(nowMillis);
        }
    }

    private OpenPredictions read(byte[] open, int offset, int length) {
        OpenPredictions predictions = new OpenPredictions(quality.rules(), grace, tallies);
        return length == 0 ? predictions : predictions.read(ByteBuffer.wrap(open, offset, length));
    }
}
