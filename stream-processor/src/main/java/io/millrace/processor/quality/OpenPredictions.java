package io.millrace.processor.quality;

import io.millrace.event.Event;
import io.millrace.prediction.Role;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.feature.OutcomeRule;
import io.millrace.processor.feature.OutcomeRule.Known;
import io.millrace.processor.feature.OutcomeRule.Open;
import io.millrace.processor.feature.OutcomeRule.Told;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user's predictions whose outcome is not known yet. Part of what is stored of the user, so that an event costs no read
 * or write beside the user's own.
 *
 * <p>Big-endian: long due, the event time after which something is decided by time alone; long newest event time; long
 * receipt of the newest open prediction; int open predictions; then sections, one a model version: long key, long time of
 * the last event that decides, long event time after which nothing of it is wanted, byte 1 where sums are kept, byte
 * number of entries; then entries: long time, float score, byte role, and where sums are kept double sum.
 *
 * <p>Belongs to one thread.
 */
final class OpenPredictions {
    static final int HEADER = 3 * Long.BYTES + Integer.BYTES;
    private static final int SECTION = 3 * Long.BYTES + 2;
    private static final int ENTRY = Long.BYTES + Float.BYTES + 1;
    private static final long NEVER = Long.MIN_VALUE;

    private final Rules rules;
    private final long grace;
    private final Verdicts verdicts;
    private final List<Section> sections = new ArrayList<>();
    long newest = NEVER;
    long received = NEVER;

    private record Entry(long time, float score, Role role, Open told) {
        /** Spreads over all longs what is alike in none: the entries with the greatest are a uniform sample. */
        long lot() {
            long bits = (time * 31 + Float.floatToRawIntBits(score)) * 0x9E3779B97F4A7C15L;
            bits = (bits ^ (bits >>> 32)) * 0xD6E8FEB86659FD93L;
            return bits ^ (bits >>> 32);
        }
    }

    private static final class Section {
        final long key;
        final boolean sums;
        final List<Entry> entries = new ArrayList<>();
        long lastMatch = NEVER;
        long until = NEVER;

        Section(long key, boolean sums) {
            this.key = key;
            this.sums = sums;
        }
    }

    /** What came to pass by time: whether no event can tell any more of one that was scored at a time. */
    @FunctionalInterface
    interface Over {
        boolean isOver(OutcomeRule outcome, long scored);
    }

    OpenPredictions(Rules rules, long grace, Verdicts verdicts) {
        this.rules = rules;
        this.grace = grace;
        this.verdicts = verdicts;
    }

    /** Reads what {@link #encode} wrote. */
    OpenPredictions read(ByteBuffer in) {
        in.getLong();
        newest = in.getLong();
        received = in.getLong();
        in.getInt();
        while (in.hasRemaining()) {
            long key = in.getLong();
            long lastMatch = in.getLong();
            long until = in.getLong();
            Section section = new Section(key, in.get() == 1);
            section.lastMatch = lastMatch;
            section.until = until;
            for (int left = in.get(); left > 0; left--) {
                section.entries.add(new Entry(
                        in.getLong(),
                        in.getFloat(),
                        role(in.get()),
                        section.sums ? new Open(in.getDouble()) : Open.NOTHING));
            }
            sections.add(section);
        }
        return this;
    }

    static long due(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).getLong(offset);
    }

    static int count(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).getInt(offset + 3 * Long.BYTES);
    }

    /** Notes the time of an event that decides nothing; bytes that {@link #encode} wrote. */
    static void passed(byte[] bytes, int offset, long time) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        in.putLong(offset + Long.BYTES, Math.max(time, in.getLong(offset + Long.BYTES)));
    }

    /**
     * An event of the user.
     *
     * @param matching the rules that wait for such an event
     */
    void event(Event event, long time, List<Rule> matching) {
        newest = Math.max(newest, time);
        for (int i = 0; i < matching.size(); i++) {
            Rule rule = matching.get(i);
            OutcomeRule outcome = rule.waitsFor();
            Section section = outcome.isOfAll() ? find(rule) : section(rule);
            if (section != null) {
                if (!outcome.isOfAll()) {
                    section.lastMatch = Math.max(section.lastMatch, time);
                    section.until = Math.max(section.until, section.lastMatch + outcome.within() + grace);
                }
                if (!section.entries.isEmpty()) {
                    decide(section, rule, time, outcome.amount(event));
                }
            }
        }
        expire((outcome, scored) -> outcome.isOver(scored, complete(newest)));
    }

    /** The time up to which events are taken to have come when the newest is of a time. */
    long complete(long newestTime) {
        return newestTime == NEVER ? NEVER : newestTime - grace - 1;
    }

    private void decide(Section section, Rule rule, long time, double amount) {
        OutcomeRule outcome = rule.waitsFor();
        for (int i = section.entries.size() - 1; i >= 0; i--) {
            Entry entry = section.entries.get(i);
            Told told = outcome.after(entry.told(), entry.time(), time, amount);
            if (told instanceof Known known) {
                section.entries.remove(i);
                verdicts.known(rule, entry.role(), entry.time(), entry.score(), known.positive());
            } else if (told instanceof Open open && !open.equals(entry.told())) {
                section.entries.set(i, new Entry(entry.time(), entry.score(), entry.role(), open));
            }
        }
    }

    /** Decides what is over by time. */
    void expire(Over over) {
        for (int s = sections.size() - 1; s >= 0; s--) {
            Section section = sections.get(s);
            Rule rule = rules.of(section.key);
            if (rule == null || !rule.waits()) {
                // Of a version that is not known here, or not yet.
                if (newest > section.until) {
                    sections.remove(s);
                }
                continue;
            }
            OutcomeRule outcome = rule.waitsFor();
            for (int i = section.entries.size() - 1; i >= 0; i--) {
                Entry entry = section.entries.get(i);
                if (over.isOver(outcome, entry.time())) {
                    section.entries.remove(i);
                    verdicts.known(rule, entry.role(), entry.time(), entry.score(), outcome.whenOver(entry.told()));
                }
            }
            if (section.entries.isEmpty() && newest > section.until) {
                sections.remove(s);
            }
        }
    }

    /**
     * What was known of the user when a scored event came that was not its newest.
     *
     * @param newest time of the newest event
     * @param open predictions as they were
     */
    record Late(long newest, OpenPredictions open) {}

    /**
     * A prediction was made.
     *
     * @param late null where its event was the user's newest when it came
     * @param since the user's events that came after its own, while the prediction waited for its batch
     * @param most open predictions of a version; of more a sample is kept
     */
    void open(Rule rule, Role role, long time, float score, @Nullable Late late, List<Event> since, int most) {
        if (late != null && settles(late, rule, role, time, score)) {
            return;
        }
        OutcomeRule outcome = rule.waitsFor();
        Open told = Open.NOTHING;
        long latest = late == null ? time : late.newest();
        for (int i = 0; i < since.size(); i++) {
            Event event = since.get(i);
            long at = Observation.time(event.times());
            if (outcome.matches(Observation.name(event))) {
                Told next = outcome.after(told, time, at, outcome.amount(event));
                if (next instanceof Known known) {
                    verdicts.known(rule, role, time, score, known.positive());
                    return;
                }
                told = (Open) next;
            }
            latest = Math.max(latest, at);
            if (outcome.isOver(time, complete(latest))) {
                verdicts.known(rule, role, time, score, outcome.whenOver(told));
                return;
            }
        }
        newest = Math.max(newest, latest);
        Section section = section(rule);
        section.entries.add(new Entry(time, score, role, told));
        section.until = Math.max(section.until, time + outcome.within() + grace);
        if (section.entries.size() > most) {
            drop(section, rule);
        }
    }

    /** Of a scored event that came late: whether what came before it tells all that can be told. */
    private boolean settles(Late late, Rule rule, Role role, long time, float score) {
        OutcomeRule outcome = rule.waitsFor();
        boolean isTooLate = outcome.isOver(time, complete(late.newest()));
        Section then = late.open().find(rule);
        long match = outcome.isOfAll() ? late.newest() : then == null ? NEVER : then.lastMatch;
        if (match <= time && !isTooLate) {
            return false;
        }
        // Of the events that matter the time of the last is kept, and of sums nothing.
        Told told = isTooLate || outcome.isSum() ? Open.NOTHING : outcome.after(Open.NOTHING, time, match, 0);
        if (told instanceof Known known) {
            verdicts.known(rule, role, time, score, known.positive());
        } else {
            verdicts.dropped(rule, role, time);
        }
        return true;
    }

    /** Leaves a uniform sample: neither the first of a busy user's predictions nor the last are all that is judged. */
    private void drop(Section section, Rule rule) {
        int least = 0;
        for (int i = 1; i < section.entries.size(); i++) {
            if (section.entries.get(i).lot() < section.entries.get(least).lot()) {
                least = i;
            }
        }
        Entry dropped = section.entries.remove(least);
        verdicts.dropped(rule, dropped.role(), dropped.time());
    }

    private @Nullable Section find(Rule rule) {
        for (int i = 0; i < sections.size(); i++) {
            if (sections.get(i).key == rule.key) {
                return sections.get(i);
            }
        }
        return null;
    }

    private Section section(Rule rule) {
        Section found = find(rule);
        if (found != null) {
            return found;
        }
        Section section = new Section(rule.key, rule.waitsFor().isSum());
        section.until = newest == NEVER ? NEVER : newest + rule.waitsFor().within() + grace;
        sections.add(section);
        return section;
    }

    /** Empty where nothing is kept. */
    byte[] encode() {
        if (sections.isEmpty()) {
            return new byte[0];
        }
        int length = HEADER;
        int count = 0;
        long due = Long.MAX_VALUE;
        for (Section section : sections) {
            int entries = section.entries.size();
            length += SECTION + entries * (ENTRY + (section.sums ? Double.BYTES : 0));
            count += entries;
            due = Math.min(due, due(section));
        }
        ByteBuffer out = ByteBuffer.allocate(length)
                .putLong(due)
                .putLong(newest)
                .putLong(received)
                .putInt(count);
        for (Section section : sections) {
            out.putLong(section.key)
                    .putLong(section.lastMatch)
                    .putLong(section.until)
                    .put((byte) (section.sums ? 1 : 0))
                    .put((byte) section.entries.size());
            for (Entry entry : section.entries) {
                out.putLong(entry.time()).putFloat(entry.score()).put(code(entry.role()));
                if (section.sums) {
                    out.putDouble(entry.told().sum());
                }
            }
        }
        return out.array();
    }

    private long due(Section section) {
        Rule rule = rules.of(section.key);
        if (rule == null || !rule.waits() || section.entries.isEmpty()) {
            return section.until;
        }
        long due = Long.MAX_VALUE;
        for (Entry entry : section.entries) {
            due = Math.min(due, entry.time() + rule.waitsFor().within() + grace);
        }
        return due;
    }

    private static byte code(Role role) {
        return switch (role) {
            case CHAMPION -> 0;
            case CANARY -> 1;
            case SHADOW -> 2;
        };
    }

    private static Role role(byte code) {
        return code == 0 ? Role.CHAMPION : code == 1 ? Role.CANARY : Role.SHADOW;
    }
}
