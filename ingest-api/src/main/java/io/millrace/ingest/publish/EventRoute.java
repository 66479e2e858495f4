package io.millrace.ingest.publish;

import io.millrace.event.Event;
import io.millrace.identity.Traceparent;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline.Phase;
import io.millrace.pipeline.PipelineFollower;
import io.millrace.pipeline.Sighting;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads events to the topic of the layout that is open, and over to the next one's when the pipeline moves. An acknowledgement
 * counts only while it is certain that the topic was still open; one that comes later waits until that is known, and where the
 * pipeline has moved its event is sent again, to the next topic: it has the same id, so it is scored once whatever became of
 * the first record (docs/decisions/0028).
 *
 * <p>At the crossing what comes waits until everything before it is settled, and until no other door may still write to the
 * topic that is left: who waits for one event's acknowledgement before it posts the next has them in order, by whichever
 * doors. For the same reason nothing is sent without a lease.
 *
 * <p>Thread-safe; never blocks. What waits here is in flight for the door's admission, which bounds it. Over 300 lines, for one lock
 * guards all that an event can be on its way, and its proof is read in one place.
 */
final class EventRoute implements PipelineFollower.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(EventRoute.class);

    private final Producer<byte[], byte[]> producer;
    private final long patienceNanos;
    private final LongSupplier nanoTime;
    /** Acknowledged after the lease; until it is known what that means. */
    private final List<Sent> doubtful = new ArrayList<>();
    /** Not sent yet, because of a crossing or for want of a lease. */
    private final Deque<Sent> held = new ArrayDeque<>();

    private @Nullable Layout open;
    private @Nullable Sighting ahead;
    /** When other doors may still have a lease of the topic before {@link #open}: nothing is sent until then. */
    private long alone;

    private long inFlight;
    private long sequence;
    /** Acknowledgements of {@link #open} that come before it are beyond doubt. */
    private volatile long leaseEnd;

    /** An event on its way. */
    private final class Sent implements Callback {
        private final Event event;
        private final @Nullable Traceparent trace;
        private final Callback next;
        private final long since = nanoTime.getAsLong();
        private long number;
        private long acknowledgedAt;
        private @Nullable RecordMetadata metadata;
        private @Nullable Exception failure;

        Sent(Event event, @Nullable Traceparent trace, Callback next) {
            this.event = event;
            this.trace = trace;
            this.next = next;
        }

        /** On Kafka's thread, or at once on the caller's. */
        @Override
        public void onCompletion(@Nullable RecordMetadata stored, @Nullable Exception problem) {
            acknowledgedAt = nanoTime.getAsLong();
            metadata = stored;
            failure = problem;
            // A failure is told at once: its event comes again. But a topic that was shut takes nothing.
            boolean certain = problem == null
                    ? acknowledgedAt - leaseEnd < 0
                    : !(problem instanceof RecordTooLargeException) || acknowledgedAt - leaseEnd < 0;
            settled(this, certain);
        }

        void tell() {
            next.onCompletion(metadata, failure);
        }

        void giveUp(String why) {
            next.onCompletion(null, new TimeoutException(why));
        }
    }

    /**
     * @param patience how long an event may wait here
     * @param nanoTime as {@link System#nanoTime}
     */
    EventRoute(Producer<byte[], byte[]> producer, Duration patience, LongSupplier nanoTime) {
        this.producer = producer;
        this.patienceNanos = patience.toNanos();
        this.nanoTime = nanoTime;
        this.alone = nanoTime.getAsLong();
    }

    /** Whether it is known where events go. */
    synchronized boolean isOpen() {
        return open != null;
    }

    /** Sends an event, or keeps it until it can be sent. */
    void send(Event event, @Nullable Traceparent trace, Callback callback) {
        Sent sent = new Sent(event, trace, callback);
        Layout to;
        synchronized (this) {
            sent.number = sequence++;
            to = open;
            if (to != null && (!held.isEmpty() || !maySend(sent.since))) {
                held.add(sent);
                return;
            }
            if (to != null) {
                inFlight++;
            }
        }
        if (to == null) {
            sent.giveUp("it is not known yet which topic takes events");
        } else {
            dispatch(sent, to);
        }
    }

    private boolean maySend(long now) {
        return ahead == null && now - alone >= 0 && now - leaseEnd < 0;
    }

    /** Under the lock, as all that sends more than one: nothing may overtake them. */
    private void release() {
        Layout to = open;
        if (to == null || !maySend(nanoTime.getAsLong())) {
            return;
        }
        while (!held.isEmpty()) {
            inFlight++;
            dispatch(held.remove(), to);
        }
    }

    private void dispatch(Sent sent, Layout to) {
        try {
            // The acknowledgement comes by the callback; the future says the same.
            var unused = producer.send(Records.of(to.topic(), sent.event, sent.trace), sent);
        } catch (KafkaException | IllegalStateException e) {
            sent.onCompletion(null, e);
        }
    }

    private void settled(Sent sent, boolean certain) {
        synchronized (this) {
            if (certain) {
                inFlight--;
            } else {
                doubtful.add(sent);
            }
            cross();
        }
        if (certain) {
            sent.tell();
        }
    }

    @Override
    public void sighted(Sighting sighting) {
        Layout now = sighting.pipeline().open();
        Layout next = sighting.pipeline().next();
        if (next != null && sighting.pipeline().phase() != Phase.PREPARING) {
            // Asks for its partitions early: nobody may wait for them when it opens.
            knows(next.topic());
        }
        List<Sent> beyondDoubt = List.of();
        synchronized (this) {
            if (open == null && knows(now.topic())) {
                open = now;
                if (sighting.pipeline().phase() == Phase.SWITCHING) {
                    alone = othersEnd();
                }
            }
            Layout present = open;
            if (present != null && present.number() == now.number()) {
                leaseEnd = sighting.untilNanos();
                beyondDoubt = takeDoubtful(leaseEnd);
                inFlight -= beyondDoubt.size();
                release();
            } else if (present != null) {
                if (ahead == null) {
                    alone = othersEnd();
                }
                ahead = sighting;
                cross();
            }
        }
        beyondDoubt.forEach(Sent::tell);
        expire();
    }

    @Override
    public void blind() {
        expire();
    }

    /** Who saw the pipeline closing, and not yet that it has moved, has a lease until then. */
    private long othersEnd() {
        return nanoTime.getAsLong() + Sighting.settled(Phase.CLOSING).toNanos();
    }

    private List<Sent> takeDoubtful(long until) {
        List<Sent> taken = new ArrayList<>();
        doubtful.removeIf(sent -> {
            boolean known = sent.acknowledgedAt - until < 0;
            if (known) {
                taken.add(sent);
            }
            return known;
        });
        return taken;
    }

    /** Goes over once everything that was sent before is certain, or is known to go over too. Under the lock. */
    private void cross() {
        Sighting to = ahead;
        if (to == null || inFlight > doubtful.size() || nanoTime.getAsLong() - alone < 0) {
            return;
        }
        Layout next = to.pipeline().open();
        if (!knows(next.topic())) {
            return;
        }
        List<Sent> over = new ArrayList<>(doubtful);
        over.sort(Comparator.comparingLong(sent -> sent.number));
        LOG.atInfo()
                .addKeyValue("topic", next.topic())
                .addKeyValue("again", over.size())
                .addKeyValue("held", held.size())
                .log("Events go to another topic from now on");
        over.addAll(held);
        doubtful.clear();
        held.clear();
        held.addAll(over);
        open = next;
        ahead = null;
        leaseEnd = to.untilNanos();
        inFlight = 0;
        release();
    }

    /** Nobody waits here longer than for a delivery. */
    private void expire() {
        List<Sent> over = new ArrayList<>();
        long now = nanoTime.getAsLong();
        synchronized (this) {
            Iterator<Sent> waiting = doubtful.iterator();
            while (waiting.hasNext()) {
                Sent sent = waiting.next();
                if (now - sent.since > 2 * patienceNanos) {
                    waiting.remove();
                    inFlight--;
                    over.add(sent);
                }
            }
            while (!held.isEmpty() && now - held.element().since > patienceNanos) {
                over.add(held.remove());
            }
            cross();
        }
        over.forEach(sent -> sent.giveUp("it is not known in time whether the topic was still open"));
    }

    private boolean knows(String topic) {
        try {
            return !producer.partitionsFor(topic).isEmpty();
        } catch (KafkaException e) {
            return false;
        }
    }

    /** What is held is refused; what is in flight is the producer's to end, which comes first. */
    void close() {
        List<Sent> over;
        synchronized (this) {
            over = new ArrayList<>(held);
            over.addAll(doubtful);
            held.clear();
            doubtful.clear();
        }
        over.forEach(sent -> sent.giveUp("the door is closing"));
    }
}
