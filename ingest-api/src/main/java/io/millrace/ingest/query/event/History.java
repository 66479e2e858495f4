package io.millrace.ingest.query.event;

import io.millrace.deadletter.DeadLetter;
import io.millrace.identity.UserKey;
import io.millrace.ingest.query.event.Finding.Arrived;
import io.millrace.ingest.query.event.Finding.Letter;
import io.millrace.prediction.Prediction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the findings say together. Times of an event sent again are told as the processor tells them (decision 0002): by
 * source and id on the user's own partition, within 24 hours of the time of receipt of the last one that counted.
 */
final class History {
    private static final Duration MEMORY = Duration.ofHours(24);

    /** What became of one record. */
    enum Outcome {
        ACCEPTED,
        DUPLICATE,
        REFUSED,
        DEAD_LETTERED,
        /** Put back from dead-letters. */
        REDRIVEN
    }

    /** What became of the event: the furthest that any of its records got. */
    enum Status {
        SCORED,
        DEAD_LETTERED,
        ACCEPTED,
        REFUSED,
        /** Nothing was found in what was searched. */
        UNKNOWN
    }

    /** One record and its outcome. */
    record Occurrence(Finding finding, Outcome outcome) {
        Instant time() {
            return time(finding);
        }

        private static Instant time(Finding finding) {
            if (finding instanceof Arrived arrived) {
                return arrived.event().times().received();
            } else if (finding instanceof Letter letter) {
                return letter.letter().failedAt();
            }
            throw new IllegalStateException("a finding is one of the above");
        }
    }

    /**
     * The receipt that the processor remembers.
     *
     * @param found whether its record is among the findings that were seen
     */
    private record Counted(Instant received, boolean found) {
        boolean makesDuplicate(Instant later) {
            boolean isItself = !found && received.equals(later);
            return !isItself && !received.isAfter(later) && received.isAfter(later.minus(MEMORY));
        }
    }

    private final List<Occurrence> occurrences;
    private final Status status;

    private History(List<Occurrence> occurrences, Status status) {
        this.occurrences = List.copyOf(occurrences);
        this.status = status;
    }

    static History of(List<Finding> findings, List<Prediction> predictions) {
        List<Occurrence> occurrences = new ArrayList<>();
        Map<UserKey, Counted> counted = new HashMap<>();
        // What the store knows to have been scored counted, also where its record is gone or was not reached.
        predictions.forEach(prediction -> counted.merge(
                user(prediction),
                new Counted(prediction.receivedAt(), false),
                (a, b) -> a.received().isBefore(b.received()) ? a : b));
        findings.stream()
                .sorted(Comparator.comparingInt(Finding::partition).thenComparingLong(Finding::offset))
                .forEach(finding -> occurrences.add(new Occurrence(finding, outcome(finding, counted))));
        occurrences.sort(Comparator.comparing(Occurrence::time));
        return new History(occurrences, status(occurrences, !predictions.isEmpty()));
    }

    /** Earliest first. */
    List<Occurrence> occurrences() {
        return occurrences;
    }

    Status status() {
        return status;
    }

    private static UserKey user(Prediction prediction) {
        String known = prediction.userId();
        return known != null
                ? new UserKey(prediction.source(), false, known)
                : new UserKey(prediction.source(), true, String.valueOf(prediction.anonymousId()));
    }

    private static Outcome outcome(Finding finding, Map<UserKey, Counted> counted) {
        if (finding instanceof Letter letter) {
            return letter.letter().stage() == DeadLetter.Stage.VALIDATE ? Outcome.REFUSED : Outcome.DEAD_LETTERED;
        } else if (finding instanceof Arrived arrived) {
            if (arrived.redriven()) {
                return Outcome.REDRIVEN;
            }
            Instant received = arrived.event().times().received();
            Counted before = counted.get(arrived.event().user());
            if (before != null && before.makesDuplicate(received)) {
                return Outcome.DUPLICATE;
            }
            counted.put(arrived.event().user(), new Counted(received, true));
            return Outcome.ACCEPTED;
        }
        throw new IllegalStateException("a finding is one of the above");
    }

    private static Status status(List<Occurrence> occurrences, boolean scored) {
        if (scored) {
            return Status.SCORED;
        }
        for (Outcome furthest : List.of(Outcome.DEAD_LETTERED, Outcome.ACCEPTED, Outcome.REFUSED)) {
            if (occurrences.stream().anyMatch(occurrence -> occurrence.outcome() == furthest)) {
                return Status.valueOf(furthest.name());
            }
        }
        return occurrences.isEmpty() ? Status.UNKNOWN : Status.ACCEPTED;
    }
}
