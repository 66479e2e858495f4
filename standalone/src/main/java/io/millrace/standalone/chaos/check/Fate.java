package io.millrace.standalone.chaos.check;

import java.util.ArrayList;
import java.util.List;

/** One event: what its client did with it, and what became of it. */
final class Fate {
    final String id;
    final String user;
    final String name;
    /** Position among its client's requests, which come one after another. */
    final long request;
    /** Position in its request. */
    final int place;

    boolean acknowledged;
    /** Its request was sent more than once, so part of it may have been there before the rest. */
    boolean retried;

    /** Records on topics of events; 0 is lost. */
    int records;
    /** The layout of its records; -1 where they are of several. */
    int layout;

    long firstOffset;
    List<Predicted> predictions = List.of();

    Fate(String id, String user, String name, long request, int place) {
        this.id = id;
        this.user = user;
        this.name = name;
        this.request = request;
        this.place = place;
    }

    void published(int inLayout, long offset) {
        if (records++ == 0) {
            layout = inLayout;
            firstOffset = offset;
        } else if (layout != inLayout) {
            layout = -1;
        }
    }

    void predicted(Predicted prediction) {
        if (predictions.isEmpty()) {
            // Most have one.
            predictions = new ArrayList<>(1);
        }
        predictions.add(prediction);
    }
}
