package io.millrace.processor.feature;

import java.time.Duration;

/**
 * How a window is cut: {@value #PER_WINDOW} equal panes, aligned to the epoch. At time t the window is the pane of t and
 * the {@value} − 1 before it, so between 11/12 and 12/12 of its length.
 *
 * <p>More panes are retained than a window has, so that late events find theirs: as many as the lateness spans, but no
 * more than another window, because an event that is later than a whole window can be in no window of an event in time.
 *
 * @param millis the length of a pane
 * @param retained how many panes are kept, the newest event's included
 */
record Panes(long millis, int retained) {
    static final int PER_WINDOW = 12;

    static Panes of(Duration window, Duration lateness) {
        long length = window.toMillis();
        long millis = (length + PER_WINDOW - 1) / PER_WINDOW;
        long late = Math.min(lateness.toMillis(), length);
        return new Panes(millis, PER_WINDOW + (int) ((late + millis - 1) / millis));
    }

    /** The pane of a time; times are never negative. */
    long pane(long time) {
        return time / millis;
    }

    /** The oldest pane that is retained when the user's newest event is at this time. */
    long oldest(long newest) {
        return pane(newest) - retained + 1;
    }
}
