package io.millrace.ingest.query.live;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One that listens: what passes its filter waits here, in bounded room, until its socket takes it. Frames come from the one
 * reader of the topic or from its reader of the past; while the past is not over, those of the reader are held back.
 * Thread-safe.
 */
final class LiveClient implements Flow.Publisher<byte[]>, Flow.Subscription {
    /** Frames that wait go out together, up to so many bytes. */
    private static final int CHUNK_BYTES = 64 * 1024;
    /** While past and present meet, two queues are in one room. */
    private static final int MEETING_ROOM = 4;

    private final LivePredictions live;
    private final LiveFilter filter;
    private final @Nullable Positions after;
    private final long room;

    private final Deque<byte[]> queue = new ArrayDeque<>();
    private final Deque<byte[]> held = new ArrayDeque<>();
    private Flow.@Nullable Subscriber<? super byte[]> subscriber;
    private @Nullable Runnable whenRoom;
    private @Nullable Throwable failure;
    private long bytes;
    private long demand;
    private long lastOffer = System.nanoTime();
    private boolean meeting;
    private boolean holding;
    private boolean emitting;
    private boolean ended;

    /**
     * Listens once it is subscribed to.
     *
     * @param after how far it had come; null where it begins now
     * @param room in bytes
     */
    LiveClient(LivePredictions live, LiveFilter filter, @Nullable Positions after, long room) {
        this.live = live;
        this.filter = filter;
        this.after = after;
        this.room = room;
    }

    LiveFilter filter() {
        return filter;
    }

    @Nullable
    Positions after() {
        return after;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super byte[]> given) {
        synchronized (this) {
            if (subscriber != null) {
                throw new IllegalStateException("a client has one subscriber");
            }
            subscriber = given;
        }
        given.onSubscribe(this);
        offer(Frames.hello());
        live.join(this);
    }

    @Override
    public void request(long chunks) {
        synchronized (this) {
            demand = demand + chunks < 0 ? Long.MAX_VALUE : demand + chunks;
        }
        deliver();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            ended = true;
            queue.clear();
            held.clear();
        }
        live.leave(this);
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** Whether nothing was said to it for so long. */
    synchronized boolean isSilent(long nanoTime, long nanos) {
        return nanoTime - lastOffer >= nanos;
    }

    /** Whether frames may still be offered. */
    synchronized boolean hasRoom() {
        return bytes < limit();
    }

    /** Puts a frame to the others; false where there is no room. {@link #deliver} sends it. */
    synchronized boolean offer(byte[] frame) {
        return add(queue, frame);
    }

    /** As {@link #offer}, but for what comes after the past. */
    synchronized boolean offerLive(byte[] frame) {
        return add(holding ? held : queue, frame);
    }

    private boolean add(Deque<byte[]> to, byte[] frame) {
        if (ended || bytes >= limit()) {
            return ended;
        }
        to.add(frame);
        bytes += frame.length;
        lastOffer = System.nanoTime();
        return true;
    }

    private long limit() {
        return meeting ? MEETING_ROOM * room : room;
    }

    /** From now on what is live waits until the past is over. */
    synchronized void hold() {
        holding = true;
        meeting = true;
    }

    /** The past is over. */
    synchronized void release() {
        queue.addAll(held);
        held.clear();
        holding = false;
    }

    synchronized boolean isHolding() {
        return holding;
    }

    /** Runs once when half of the room is free again, which may be now. */
    void whenRoom(Runnable task) {
        synchronized (this) {
            if (bytes > room / 2) {
                whenRoom = task;
                return;
            }
        }
        task.run();
    }

    /** Sends what waits, as far as it was asked for. */
    void deliver() {
        while (true) {
            Flow.Subscriber<? super byte[]> to;
            byte[] chunk;
            Runnable task = null;
            synchronized (this) {
                to = subscriber;
                if (emitting || ended || demand == 0 || queue.isEmpty() || to == null) {
                    return;
                }
                emitting = true;
                demand--;
                chunk = take();
                if (bytes <= room / 2) {
                    meeting = holding;
                    task = whenRoom;
                    whenRoom = null;
                }
            }
            to.onNext(chunk);
            if (task != null) {
                task.run();
            }
            synchronized (this) {
                emitting = false;
                if (failure != null) {
                    to.onError(failure);
                }
            }
        }
    }

    private byte[] take() {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        while (!queue.isEmpty() && chunk.size() < CHUNK_BYTES) {
            chunk.writeBytes(queue.remove());
        }
        bytes -= chunk.size();
        return chunk.toByteArray();
    }

    /** Cuts it off. */
    void fail(String why) {
        Flow.Subscriber<? super byte[]> to;
        StreamEndedException cause = new StreamEndedException(why);
        synchronized (this) {
            to = subscriber;
            if (ended) {
                return;
            }
            ended = true;
            queue.clear();
            held.clear();
            if (emitting) {
                failure = cause;
                to = null;
            }
        }
        live.leave(this);
        if (to != null) {
            to.onError(cause);
        }
    }

    /** Ends it as streams end that are over; a client comes back by itself. */
    void complete() {
        Flow.Subscriber<? super byte[]> to;
        synchronized (this) {
            to = ended ? null : subscriber;
            ended = true;
        }
        live.leave(this);
        if (to != null) {
            to.onComplete();
        }
    }
}
