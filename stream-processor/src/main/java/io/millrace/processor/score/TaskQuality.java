package io.millrace.processor.score;

import io.millrace.codec.QualityCodec;
import io.millrace.codec.RecordHeaders;
import io.millrace.codec.RecordHeaders.Schema;
import io.millrace.event.Event;
import io.millrace.processor.quality.Quality;
import io.millrace.processor.quality.Shelf;
import io.millrace.processor.quality.UserOutcomes;
import io.millrace.quality.QualityRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Binds a task's {@link UserOutcomes} to its stores: open predictions are part of the users' values, counts have a store of
 * their own. Belongs to the task's thread.
 */
final class TaskQuality {
    private static final Duration SWEEP = Duration.ofSeconds(1);
    /** Users looked at in one sweep: a bound for its time, some milliseconds. */
    private static final int USERS_A_SWEEP = 500;
    /** All users are not looked at more often. */
    private static final long ROUND_MILLIS = Duration.ofSeconds(30).toMillis();

    private final InternalProcessorContext<byte[], byte[]> context;
    private final Quality quality;
    private final RecentUsers users;
    private final WaitingQueue queue;
    private final UserOutcomes outcomes;
    private final StateArrival arrival;
    private @Nullable Generation watched;
    private byte @Nullable [] sweptTo;
    private long roundBegan;

    TaskQuality(
            InternalProcessorContext<byte[], byte[]> context,
            Quality quality,
            RecentUsers users,
            WaitingQueue queue,
            StateArrival arrival) {
        this.context = context;
        this.quality = quality;
        this.users = users;
        this.queue = queue;
        this.arrival = arrival;
        this.outcomes = new UserOutcomes(
                quality,
                new StoreShelf(context.getStateStore(ScoreStores.QUALITY)),
                context.taskId().partition(),
                context.currentSystemTimeMs());
        context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, this::sweep);
        context.schedule(quality.config().every(), PunctuationType.WALL_CLOCK_TIME, this::publish);
    }

    /**
     * An event was taken.
     *
     * @param newer the time of the user's newest event, where this one came late; else null
     * @param open the user's open predictions; times in them may be written over
     * @return what they are now
     */
    byte[] taken(Generation generation, Event event, @Nullable Instant newer, byte[] open) {
        if (watched != generation) {
            watched = generation;
            generation.models().forEach(model -> quality.watch(model.manifest()));
            generation.standby().forEach(quality::watch);
        }
        if (queue.isEmpty()) {
            outcomes.drained();
        }
        byte[] changed = outcomes.event(event, open, 0, open.length, newer, context.currentSystemTimeMs());
        return changed == null ? open : changed;
    }

    /** A prediction was emitted. */
    void predicted(Waiting waiting, float score) {
        Event event = waiting.arrived.event();
        if (!outcomes.waits(waiting.model.manifest(), waiting.model.role(), event, waiting.inputs, score)) {
            return;
        }
        RecentUsers.User user = users.get(waiting.key);
        if (!user.value().isKnown()) {
            throw new IllegalStateException("a user with a prediction has no state");
        }
        byte[] open = user.value().open();
        byte[] changed =
                outcomes.predicted(waiting.model.manifest(), waiting.model.role(), event, score, open, 0, open.length);
        if (changed != null) {
            user.value().open(changed);
            users.put(user);
        }
    }

    /** Before a commit, when nothing waits for its score any more. */
    void keep() {
        outcomes.drained();
        outcomes.keep(context.currentSystemTimeMs());
    }

    /** The task goes, perhaps to another instance. */
    void close() {
        outcomes.close();
        arrival.close();
    }

    /** A piece of the state of the layout before. */
    void moved(MovedState moved) {
        arrival.take(moved, outcomes, context.currentSystemTimeMs(), this::forward);
    }

    private void publish(long nowMillis) {
        if (!arrival.isOver()) {
            return;
        }
        outcomes.publish(nowMillis, this::forward);
        outcomes.forget(nowMillis);
    }

    private void forward(QualityRecord record) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        RecordHeaders.put(headers, Schema.MODEL_QUALITY, null);
        context.forward(
                new Record<>(
                        record.key().getBytes(StandardCharsets.UTF_8),
                        QualityCodec.encode(record),
                        record.updatedAt().toEpochMilli(),
                        headers),
                ScoreProcessor.QUALITY);
    }

    private void sweep(long nowMillis) {
        if (!arrival.isOver()) {
            // Until then users are another task's to sweep.
            return;
        }
        if (sweptTo == null) {
            if (nowMillis - roundBegan < ROUND_MILLIS) {
                return;
            }
            roundBegan = nowMillis;
        }
        List<KeyValue<byte[], byte[]>> changed = new ArrayList<>();
        byte[] next = null;
        try (KeyValueIterator<byte[], byte[]> all = users.from(sweptTo)) {
            for (int i = 0; all.hasNext(); i++) {
                KeyValue<byte[], byte[]> user = all.next();
                if (i == USERS_A_SWEEP) {
                    next = user.key;
                    break;
                }
                look(user, nowMillis, changed);
            }
        }
        sweptTo = next;
        changed.forEach(user -> users.put(user.key, user.value));
    }

    private void look(KeyValue<byte[], byte[]> user, long nowMillis, List<KeyValue<byte[], byte[]>> changed) {
        int length = UserRecord.openLength(user.value);
        if (length == 0 || !outcomes.isSweptFor(user.value, UserRecord.OPEN_OFFSET)) {
            return;
        }
        byte[] open = outcomes.swept(user.value, UserRecord.OPEN_OFFSET, length, nowMillis);
        if (open != null) {
            changed.add(KeyValue.pair(user.key, UserRecord.withOpen(user.value, open)));
        }
    }

    /** Counts in their state store. */
    private record StoreShelf(KeyValueStore<byte[], byte[]> store) implements Shelf {
        @Override
        public byte @Nullable [] get(String key) {
            return store.get(key.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void put(String key, byte @Nullable [] value) {
            store.put(key.getBytes(StandardCharsets.UTF_8), value);
        }

        @Override
        public void keys(Consumer<String> each) {
            try (KeyValueIterator<byte[], byte[]> all = store.all()) {
                all.forEachRemaining(entry -> {
                    if (!StateArrival.isOwn(entry.key)) {
                        each.accept(new String(entry.key, StandardCharsets.UTF_8));
                    }
                });
            }
        }
    }
}
