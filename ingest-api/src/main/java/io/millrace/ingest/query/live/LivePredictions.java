package io.millrace.ingest.query.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.ingest.query.topic.TopicReaders;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who listens for predictions at this door. One reader of the topic serves them all; it starts with the first and
 * rests a while after the last. Few threads read the past for those who come back. Thread-safe; whoever makes it closes it.
 */
public final class LivePredictions implements AutoCloseable {
    private static final int READERS_OF_THE_PAST = 2;
    /** Few, so that what one poll brings finds room with everybody who reads. */
    static final int POLL_RECORDS = 500;

    /** Asks the reader to take a client: at the head, or, with a catch-up, first to be told where the head is. */
    record Attach(LiveClient client, @Nullable CatchUp caughtUp) {}

    private final LiveConfig config;
    private final TopicReaders past;
    private final ThreadPoolExecutor catchUps;
    private final Counter dropped;
    private final Set<LiveClient> clients = ConcurrentHashMap.newKeySet();
    private final Queue<Attach> attaching = new ConcurrentLinkedQueue<>();
    /** Null while nobody listens. */
    private @Nullable LiveReader reader;

    private volatile Positions head = Positions.of();
    private boolean closed;

    public LivePredictions(LiveConfig config, MeterRegistry meters) {
        this.config = config;
        this.past = new TopicReaders(config.bootstrap(), "millrace-ingest-past", READERS_OF_THE_PAST, POLL_RECORDS);
        // A client waits for one slice at a time: the queue is never longer than there are clients.
        this.catchUps = new ThreadPoolExecutor(
                READERS_OF_THE_PAST,
                READERS_OF_THE_PAST,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "millrace-live-past"));
        this.dropped = Counter.builder("millrace.ingest.live.dropped")
                .description("Listeners cut off because they took too little")
                .register(meters);
        Gauge.builder("millrace.ingest.live.clients", clients, Set::size)
                .description("Listeners for predictions as they are made")
                .register(meters);
    }

    /** Completes when somebody can listen; fails where the topic cannot be read. */
    CompletableFuture<@Nullable Void> ready() {
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(new StreamEndedException("the door closes"));
            }
            return running().started();
        }
    }

    LiveConfig config() {
        return config;
    }

    boolean isFull() {
        return clients.size() >= config.clients();
    }

    void join(LiveClient client) {
        String refused = null;
        synchronized (this) {
            if (closed) {
                refused = "the door closes";
            } else if (isFull()) {
                refused = "too many listen already: expected at most " + config.clients();
            } else {
                clients.add(client);
                attaching.add(new Attach(client, null));
                var unused = running();
            }
        }
        if (refused != null) {
            client.fail(refused);
        } else if (client.hasEnded()) {
            // It left before it was in.
            leave(client);
        }
    }

    void leave(LiveClient client) {
        clients.remove(client);
    }

    /** What waits for the reader; only its thread asks. */
    @Nullable
    Attach nextToAttach() {
        return attaching.poll();
    }

    /** Where the reader is; not to be written to. */
    Positions head() {
        return head;
    }

    void moved(Positions now) {
        head = now;
    }

    void attach(CatchUp caughtUp) {
        attaching.add(new Attach(caughtUp.client(), caughtUp));
    }

    Set<LiveClient> clients() {
        return clients;
    }

    TopicReaders past() {
        return past;
    }

    /** Lets a slice of the past be read. */
    void schedule(CatchUp catchUp) {
        try {
            catchUps.execute(catchUp);
        } catch (RejectedExecutionException e) {
            catchUp.client().complete();
        }
    }

    /** Cuts off a client whose room is full. */
    void drop(LiveClient client) {
        dropped.increment();
        client.fail("a listener took too little of what it asked for");
    }

    /** Whether the reader may rest; it is not this one's any more then. */
    synchronized boolean restIfAlone(LiveReader resting) {
        if (!clients.isEmpty() || !attaching.isEmpty()) {
            return false;
        }
        forget(resting);
        return true;
    }

    /** The reader ended for a reason of its own. */
    void failed(LiveReader failed, String why) {
        synchronized (this) {
            forget(failed);
        }
        clients.forEach(client -> client.fail(why));
    }

    private void forget(LiveReader former) {
        if (reader == former) {
            reader = null;
        }
    }

    private LiveReader running() {
        LiveReader running = reader;
        if (running == null) {
            running = new LiveReader(this, config);
            reader = running;
            daemon(running, "millrace-live").start();
        }
        return running;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        LiveReader last;
        synchronized (this) {
            closed = true;
            last = reader;
        }
        clients.forEach(LiveClient::complete);
        catchUps.shutdownNow();
        if (last != null) {
            last.awaitEnd();
        }
        past.close();
    }
}
