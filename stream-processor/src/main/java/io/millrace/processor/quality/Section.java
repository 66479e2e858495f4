package io.millrace.processor.quality;

import io.millrace.prediction.Role;
import io.millrace.processor.feature.OutcomeRule;
import io.millrace.processor.feature.OutcomeRule.Known;
import io.millrace.processor.feature.OutcomeRule.Open;
import io.millrace.processor.feature.OutcomeRule.Told;
import java.util.ArrayList;
import java.util.List;

/** One model version's part of a user's {@link OpenPredictions}. Belongs to one thread. */
final class Section {
    static final long NEVER = Long.MIN_VALUE;

    /** The version's, as {@link Rule#key}. */
    final long key;
    /** Whether what is told so far is a sum. */
    final boolean sums;

    final List<Entry> entries = new ArrayList<>();
    /** The time of the last event that decides; not kept where every event does. */
    long lastMatch = NEVER;
    /** The event time after which nothing of it is wanted. */
    long until = NEVER;

    /** A prediction whose outcome is not known. */
    record Entry(long time, float score, Role role, Open told) {
        /** Spreads over all longs what is alike in none: the entries with the greatest are a uniform sample. */
        long lot() {
            long bits = (time * 31 + Float.floatToRawIntBits(score)) * 0x9E3779B97F4A7C15L;
            bits = (bits ^ (bits >>> 32)) * 0xD6E8FEB86659FD93L;
            return bits ^ (bits >>> 32);
        }
    }

    /** What came to pass by time: whether no event can tell any more of one that was scored at a time. */
    @FunctionalInterface
    interface Over {
        boolean isOver(OutcomeRule outcome, long scored);
    }

    Section(long key, boolean sums) {
        this.key = key;
        this.sums = sums;
    }

    /** An event that matters has come. */
    void told(Rule rule, long time, double amount, Verdicts verdicts) {
        OutcomeRule outcome = rule.waitsFor();
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            Told told = outcome.after(entry.told(), entry.time(), time, amount);
            if (told instanceof Known known) {
                entries.remove(i);
                verdicts.known(rule, entry.role(), entry.time(), entry.score(), known.positive());
            } else if (told instanceof Open open && !open.equals(entry.told())) {
                entries.set(i, new Entry(entry.time(), entry.score(), entry.role(), open));
            }
        }
    }

    /** Decides what is over by time. */
    void expire(Rule rule, Over over, Verdicts verdicts) {
        OutcomeRule outcome = rule.waitsFor();
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            if (over.isOver(outcome, entry.time())) {
                entries.remove(i);
                verdicts.known(rule, entry.role(), entry.time(), entry.score(), outcome.whenOver(entry.told()));
            }
        }
    }

    /**
     * One more waits.
     *
     * @param most that may wait; of more a uniform sample is kept, for neither the first of a busy user's predictions nor
     *     the last are all that is to be judged
     */
    void add(Rule rule, Entry entry, int most, Verdicts verdicts) {
        entries.add(entry);
        if (entries.size() > most) {
            int least = 0;
            for (int i = 1; i < entries.size(); i++) {
                if (entries.get(i).lot() < entries.get(least).lot()) {
                    least = i;
                }
            }
            Entry dropped = entries.remove(least);
            verdicts.dropped(rule, dropped.role(), dropped.time());
        }
    }
}
