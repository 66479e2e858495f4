package io.millrace.processor.quality;

import io.millrace.event.Event;
import io.millrace.prediction.Role;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.feature.OutcomeRule;
import io.millrace.processor.feature.OutcomeRule.Known;
import io.millrace.processor.feature.OutcomeRule.Open;
import io.millrace.processor.feature.OutcomeRule.Told;
import io.millrace.processor.quality.Section.Entry;
import io.millrace.processor.quality.Section.Over;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user's predictions whose outcome is not known yet. Part of what is stored of the user, as {@link OpenBytes}, so that
 * an event costs no read or write beside the user's own.
 *
 * <p>Belongs to one thread.
 */
final class OpenPredictions {
    private static final long NEVER = Section.NEVER;

    private final Rules rules;
    private final long grace;
    private final Verdicts verdicts;
    private final List<Section> sections = new ArrayList<>(1);
    /** The newest event's time. */
    long newest = NEVER;
    /** The receipt of the newest open prediction. */
    long received = NEVER;

    /** None, until something is {@link #read}. */
    OpenPredictions(Rules rules, long grace, Verdicts verdicts) {
        this.rules = rules;
        this.grace = grace;
        this.verdicts = verdicts;
    }

    /** Reads what {@link #encode} wrote. */
    OpenPredictions read(ByteBuffer in) {
        OpenBytes.read(in, this);
        return this;
    }

    /** Empty where nothing is kept. */
    byte[] encode() {
        return OpenBytes.write(this);
    }

    List<Section> sections() {
        return sections;
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
                    section.told(rule, time, outcome.amount(event), verdicts);
                }
            }
        }
        expire((outcome, scored) -> outcome.isOver(scored, complete(newest)));
    }

    /** The time up to which events are taken to have come when the newest is of a time. */
    long complete(long newestTime) {
        return newestTime == NEVER ? NEVER : newestTime - grace - 1;
    }

    /** Decides what is over by time. */
    void expire(Over over) {
        for (int i = sections.size() - 1; i >= 0; i--) {
            Section section = sections.get(i);
            Rule rule = waiting(section);
            if (rule != null) {
                section.expire(rule, over, verdicts);
            }
            // What is of a version that is not known here, or not yet, goes with its time.
            if (newest > section.until && (rule == null || section.entries.isEmpty())) {
                sections.remove(i);
            }
        }
    }

    private @Nullable Rule waiting(Section section) {
        Rule rule = rules.of(section.key);
        return rule != null && rule.waits() ? rule : null;
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
        section.until = Math.max(section.until, time + outcome.within() + grace);
        section.add(rule, new Entry(time, score, role, told), most, verdicts);
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

    /** The event time after which something is decided by time alone. */
    long due() {
        long due = Long.MAX_VALUE;
        for (Section section : sections) {
            Rule rule = waiting(section);
            if (rule == null || section.entries.isEmpty()) {
                due = Math.min(due, section.until);
                continue;
            }
            for (Entry entry : section.entries) {
                due = Math.min(due, entry.time() + rule.waitsFor().within() + grace);
            }
        }
        return due;
    }
}
