package io.millrace.standalone.post;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Counts what became of postings; thread-safe. */
public final class Tally {
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();
    /** Why the door takes nothing at this moment; empty when it does. */
    private final AtomicReference<String> trouble = new AtomicReference<>("");

    private final Map<String, Refused> byCode = new TreeMap<>();

    /**
     * The refused events of one code.
     *
     * @param example the first one's sentence
     */
    public record Refused(long count, String example) {}

    void answered(Answer.Answered answer) {
        trouble.set("");
        accepted.addAndGet(answer.accepted());
        answer.refused().forEach(this::refused);
    }

    /** Counts one event that will not be posted or was refused. */
    public void refused(Refusal refusal) {
        refused.incrementAndGet();
        synchronized (byCode) {
            byCode.merge(
                    refusal.code(),
                    new Refused(1, refusal.detail()),
                    (before, one) -> new Refused(before.count() + 1, before.example()));
        }
    }

    void retried(int events, String why) {
        trouble.set(why);
        retried.addAndGet(events);
    }

    /** Everything so far, and what it waits for where it waits. */
    public String progress() {
        String why = trouble.get();
        return why.isEmpty() ? toString() : this + "; trying again, because " + why;
    }

    public long accepted() {
        return accepted.get();
    }

    public long refused() {
        return refused.get();
    }

    /** How many events were sent more than once because the door asked for it or did not answer. */
    public long retried() {
        return retried.get();
    }

    public long done() {
        return accepted() + refused();
    }

    /** What was refused, by code, in one line each. */
    public List<String> refusals() {
        synchronized (byCode) {
            return byCode.entrySet().stream()
                    .map(entry -> entry.getKey() + " ×" + entry.getValue().count() + ", such as: "
                            + entry.getValue().example())
                    .toList();
        }
    }

    @Override
    public String toString() {
        return String.format("%,d accepted, %,d refused, %,d sent again", accepted(), refused(), retried());
    }
}
