package io.millrace.ingest.query.event;

import io.millrace.codec.DecodeException;
import io.millrace.codec.PredictionCodec;
import io.millrace.ingest.query.Answer;
import io.millrace.ingest.query.event.EventSearch.Part;
import io.millrace.ingest.query.event.EventSearch.Parts;
import io.millrace.prediction.Prediction;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * All that could be learned of an event within the deadline.
 *
 * @param predictions each one JSON object, as on the topic
 * @param missing what could not be asked, and why
 */
record Told(
        Wanted wanted,
        History history,
        List<byte[]> predictions,
        List<Searched> searched,
        List<Missing> missing,
        Instant now) {
    private static final int PARTS = 3;

    /** A part that is not there. */
    record Missing(String part, String reason) {}

    Told {
        predictions = List.copyOf(predictions);
        searched = List.copyOf(searched);
        missing = List.copyOf(missing);
    }

    static Told of(Wanted wanted, Answer stored, Parts parts, Instant now) {
        List<byte[]> json = new ArrayList<>();
        List<Prediction> predictions = new ArrayList<>();
        List<Missing> missing = new ArrayList<>();
        if (stored instanceof Answer.Page page) {
            page.predictions().forEach(one -> take(wanted, one, json, predictions));
        } else {
            missing.add(new Missing("predictions", Answer.problem(stored).detail()));
        }
        List<Finding> findings = new ArrayList<>();
        List<Searched> searched = new ArrayList<>();
        for (Part part : List.of(parts.events(), parts.letters())) {
            if (part instanceof Part.Done done) {
                searched.add(done.searched());
                findings.addAll(done.searched().findings());
            } else if (part instanceof Part.Missing gone) {
                missing.add(new Missing(gone.topic(), gone.reason()));
            }
        }
        return new Told(wanted, History.of(findings, predictions), json, searched, missing, now);
    }

    private static void take(Wanted wanted, byte[] json, List<byte[]> all, List<Prediction> predictions) {
        try {
            Prediction prediction = PredictionCodec.decodeStored(json).prediction();
            if (wanted.is(prediction)) {
                all.add(json);
                predictions.add(prediction);
            }
        } catch (DecodeException e) {
            throw new IllegalStateException("what the store gave was encoded a moment ago", e);
        }
    }

    /** Whether nothing could be asked at all. */
    boolean isNothing() {
        return missing.size() == PARTS;
    }

    /** Whether everything was asked and searched, and nothing is there. */
    boolean isNowhere() {
        return history.status() == History.Status.UNKNOWN
                && missing.isEmpty()
                && searched.stream().allMatch(Searched::complete);
    }

    /** What a person may want to know beside the status; only what is known. Empty where the status says it all. */
    String note() {
        return switch (history.status()) {
            case ACCEPTED ->
                "taken " + age() + " ago; no prediction is stored"
                        + (isMissing("predictions")
                                ? " as far as is known: the store could not be asked"
                                : ": it waits for its turn, or no model selects such events")
                        + (areLettersSearched() ? "" : "; dead-letters could not be searched to the end");
            case UNKNOWN -> "not found in what was searched; source with userId, or from and to, narrow the search";
            case REFUSED -> "it never was on user-events, as far as was searched";
            case SCORED, DEAD_LETTERED -> "";
        };
    }

    private boolean isMissing(String part) {
        return missing.stream().anyMatch(gone -> gone.part().equals(part));
    }

    private boolean areLettersSearched() {
        return searched.stream().anyMatch(one -> one.topic().equals(Topic.DEAD_LETTERS.topicName()) && one.complete());
    }

    private String age() {
        Instant first = history.occurrences().get(0).time();
        Duration age = Duration.between(first, now);
        return age.toSeconds() < 1 ? "less than 1 s" : age.toSeconds() + " s";
    }
}
