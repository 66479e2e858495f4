package io.millrace.processor.quality;

import io.millrace.identity.ModelVersion;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Role;
import io.millrace.quality.QualityCounts;
import io.millrace.quality.QualityCounts.Total;
import io.millrace.quality.QualityRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One task's counts. What came since the last commit is counted in memory; a commit adds it to what is kept, for the
 * window and over all, and so it counts exactly once. Published later, at a bounded rate, and whole: a record that is
 * missed is mended by the next.
 *
 * <p>Belongs to one thread.
 */
final class Tallies implements Verdicts {
    /** Beyond it windows are no longer told apart: no producer's choice of times makes the state grow without end. */
    private static final int MOST_KEPT = 8_192;
    /** Spare memory between commits. */
    private static final int MOST_RECENT = 16;

    private static final int MOST_AT_ONCE = 64;
    /** What is over for so long, beside the outcome's own time, is dropped: the store has it. */
    private static final long KEPT_MILLIS = Duration.ofDays(7).toMillis();

    private final Quality quality;
    private final Shelf shelf;
    private final int partition;
    private final long windowMillis;
    private final Map<Tally, QualityCounts> recent = new HashMap<>();
    private final Set<Tally> touched = new LinkedHashSet<>();
    private final Set<String> kept = new TreeSet<>();
    private final Set<String> unpublished = new LinkedHashSet<>();
    /** The newest window of a version and role that was dropped: it and those before it are not begun again. */
    private final Map<String, Long> closed = new HashMap<>();

    private @Nullable Tally last;
    private @Nullable QualityCounts lastCounts;

    Tallies(Quality quality, Shelf shelf, int partition) {
        this.quality = quality;
        this.shelf = shelf;
        this.partition = partition;
        this.windowMillis = quality.config().window().toMillis();
        // What a crash kept from being published is published again, whether it was or not.
        shelf.keys(key -> {
            if (!Tally.isClosedKey(key)) {
                kept.add(key);
                unpublished.add(key);
            }
        });
    }

    void predicted(Rule rule, Role role, long time, Inputs inputs, float score) {
        rule.count(at(rule, role, time), inputs, score);
    }

    @Override
    public void known(Rule rule, Role role, long time, float score, boolean positive) {
        at(rule, role, time).known(score, rule.manifest.threshold(), positive);
        quality.meters().known(positive);
    }

    @Override
    public void dropped(Rule rule, Role role, long time) {
        at(rule, role, time).dropped(1);
        quality.meters().dropped();
    }

    private QualityCounts at(Rule rule, Role role, long time) {
        long window = Math.floorDiv(time, windowMillis) * windowMillis;
        ModelVersion model = rule.manifest.model();
        if (last != null
                && lastCounts != null
                && last.window() == window
                && last.role() == role
                && last.model().equals(model)) {
            touched.add(last);
            return lastCounts;
        }
        Tally tally = new Tally(model, role, window);
        QualityCounts counts = recent.computeIfAbsent(tally, unused -> rule.newCounts());
        touched.add(tally);
        last = tally;
        lastCounts = counts;
        return counts;
    }

    /** Before a commit. */
    void keep(long nowMillis) {
        if (touched.isEmpty()) {
            return;
        }
        for (Tally tally : touched) {
            QualityCounts counts = recent.get(tally);
            if (counts != null) {
                String key = tally.key();
                if (isOpen(tally, key)) {
                    add(key, counts, nowMillis);
                } else {
                    quality.meters().ofNoWindow(counted(counts));
                }
                add(new Tally(tally.model(), tally.role(), Tally.ALL).key(), counts, nowMillis);
                counts.clear();
            }
        }
        touched.clear();
        if (recent.size() > MOST_RECENT) {
            recent.clear();
            last = null;
            lastCounts = null;
        }
    }

    /** A window that was dropped and begun again would take the place of what the store has of it. */
    private boolean isOpen(Tally tally, String key) {
        return kept.contains(key) || (kept.size() < MOST_KEPT && tally.window() > closed(tally.closedKey()));
    }

    /** Predictions and what became of them. */
    private static long counted(QualityCounts counts) {
        long sum = 0;
        for (Total total : EnumSet.range(Total.PREDICTIONS, Total.TRUE_NEGATIVES)) {
            sum += counts.total(total);
        }
        return sum;
    }

    private long closed(String closedKey) {
        return closed.computeIfAbsent(closedKey, key -> {
            byte[] bytes = shelf.get(key);
            return bytes == null ? Long.MIN_VALUE : ByteBuffer.wrap(bytes).getLong();
        });
    }

    private void close(String closedKey, long window) {
        if (window > closed(closedKey)) {
            closed.put(closedKey, window);
            shelf.put(closedKey, ByteBuffer.allocate(Long.BYTES).putLong(window).array());
        }
    }

    private void add(String key, QualityCounts counts, long nowMillis) {
        byte[] before = shelf.get(key);
        QualityCounts sum = counts;
        if (before != null) {
            sum = counts.copy();
            CountsCodec.addTo(sum, before);
        }
        shelf.put(key, CountsCodec.encode(sum, nowMillis));
        kept.add(key);
        unpublished.add(key);
    }

    /** Adds what another task has kept. */
    void add(String key, byte[] bytes, long nowMillis) {
        if (Tally.isClosedKey(key)) {
            close(key, ByteBuffer.wrap(bytes).getLong());
            return;
        }
        Rule rule = quality.rules().of(Tally.parse(key).model());
        byte[] before = shelf.get(key);
        if (rule == null) {
            // Nobody knows the bins any more; what is there first is kept for who may.
            if (before == null) {
                shelf.put(key, bytes);
                kept.add(key);
            }
            return;
        }
        QualityCounts sum = rule.newCounts();
        CountsCodec.addTo(sum, bytes);
        add(key, sum, nowMillis);
    }

    /** That nothing counts under a partition. */
    Optional<QualityRecord> none(String key, int gone, long nowMillis) {
        if (Tally.isClosedKey(key)) {
            return Optional.empty();
        }
        Tally tally = Tally.parse(key);
        Rule rule = quality.rules().of(tally.model());
        return rule == null ? Optional.empty() : Optional.of(record(tally, rule, rule.newCounts(), gone, nowMillis));
    }

    /** Hands out what has changed, as much as may go at once. */
    void publish(Consumer<QualityRecord> sink) {
        Iterator<String> keys = unpublished.iterator();
        for (int i = 0; i < MOST_AT_ONCE && keys.hasNext(); i++) {
            String key = keys.next();
            keys.remove();
            byte[] bytes = shelf.get(key);
            Tally tally = Tally.parse(key);
            Rule rule = quality.rules().of(tally.model());
            if (bytes != null && rule != null) {
                QualityCounts counts = rule.newCounts();
                CountsCodec.addTo(counts, bytes);
                QualityRecord record = record(tally, rule, counts, partition, CountsCodec.changed(bytes));
                quality.board().put(record);
                sink.accept(record);
            }
        }
    }

    private QualityRecord record(Tally tally, Rule rule, QualityCounts counts, int of, long changedMillis) {
        return new QualityRecord(
                tally.model(),
                tally.role(),
                tally.window() == Tally.ALL
                        ? null
                        : new QualityRecord.Window(
                                Instant.ofEpochMilli(tally.window()),
                                quality.config().window()),
                of,
                rule.manifest.label(),
                rule.manifest.threshold(),
                rule.manifest.reference(),
                counts,
                Instant.ofEpochMilli(changedMillis));
    }

    /** Drops windows that nothing can change any more; one look a key, so not to be called often. */
    void forget(long nowMillis) {
        Iterator<String> keys = kept.iterator();
        while (keys.hasNext()) {
            String key = keys.next();
            Tally tally = Tally.parse(key);
            Rule rule = quality.rules().of(tally.model());
            byte[] bytes = tally.window() == Tally.ALL || unpublished.contains(key) ? null : shelf.get(key);
            long within = rule == null || !rule.waits() ? 0 : rule.waitsFor().within();
            long patience = KEPT_MILLIS + 2 * within;
            if (bytes != null && nowMillis - CountsCodec.changed(bytes) > patience) {
                shelf.put(key, null);
                keys.remove();
                close(tally.closedKey(), tally.window());
            }
        }
    }
}
