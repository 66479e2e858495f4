package io.millrace.standalone.chaos.check;

import java.util.Locale;

/** What must not be, whatever fails. */
public enum Violation {
    /** A client was told 2xx for it, and it is on no topic of events. */
    LOST("acknowledged, and not on user-events"),
    NOT_SCORED("acknowledged and selected by a model, and not predicted"),
    SCORED_TWICE("predicted more than once by one model"),
    UNACKNOWLEDGED_TWICE("never acknowledged, and predicted more than once by one model"),
    NEVER_SENT("on a topic, and sent by nobody"),
    NOT_SELECTED("predicted by a model that does not select it"),
    OUT_OF_ORDER("predicted before an earlier event of its user"),
    CHANGED("of another user or name than it was sent with"),
    MISCOUNTED("its features count other events than its user's earlier ones"),
    NOT_STORED("predicted, and not in the store"),
    STORED_TWICE("in the store more than once"),
    STORED_DIFFERENTLY("in the store with other values than on the topic"),
    STORED_ONLY("in the store, and not on the topic");

    private final String sentence;

    Violation(String sentence) {
        this.sentence = sentence;
    }

    /** As reports name it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String sentence() {
        return sentence;
    }
}
