package io.millrace.standalone.post;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Posts with several requests in flight and yet in order for each user: a user's events all go down one lane, which has
 * one request in flight at a time. Memory is bounded: {@link #post} waits while the user's lane is full.
 *
 * <p>One thread posts and closes; any thread may ask.
 */
public final class Lanes implements AutoCloseable {
    private final List<Lane> lanes = new ArrayList<>();
    private long next;

    /**
     * @param patience how long a lane tries again while the door does not answer, before posting fails
     * @param first the number of the first posting
     */
    public Lanes(Door door, int count, Duration patience, Tally tally, long first) {
        next = first;
        for (int i = 0; i < count; i++) {
            lanes.add(Lane.start("lane-" + i, door, patience, tally));
        }
    }

    /**
     * Hands over one event; it goes out soon.
     *
     * @throws PostingFailedException if a lane gave up; nothing more is posted then
     */
    public void post(Posting posting) throws PostingFailedException, InterruptedException {
        failIfFailed();
        lanes.get(Math.floorMod(posting.user().hashCode(), lanes.size())).add(posting);
        synchronized (this) {
            next = posting.number() + 1;
        }
    }

    /** Everything before this number is answered for good. */
    public long firstUnanswered() {
        long first;
        synchronized (this) {
            first = next;
        }
        for (Lane lane : lanes) {
            first = Math.min(first, lane.firstWaiting());
        }
        return first;
    }

    /** Waits until all that was posted is answered. */
    public void drain() throws PostingFailedException, InterruptedException {
        for (Lane lane : lanes) {
            lane.awaitEmpty();
        }
        failIfFailed();
    }

    private void failIfFailed() throws PostingFailedException {
        for (Lane lane : lanes) {
            lane.failIfFailed();
        }
    }

    /** Stops at once; what is not answered is left. */
    @Override
    public void close() {
        lanes.forEach(Lane::close);
    }
}
