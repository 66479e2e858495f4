package io.millrace.standalone.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Connections to a door over which requests go by a schedule, one at a time on each. All is done by the caller's thread, without
 * a copy or an object a request, so that little of the machine is missing to what is measured. A steady schedule may be late
 * by a millisecond, the shortest wait; that counts as the door's.
 *
 * <p>Not thread-safe. Whoever makes it closes it.
 */
public final class HttpLoad implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);
    /** Under way at once, well below what servers let wait; more would be refused or tried again after a second. */
    private static final int CONNECTING = 256;

    private final InetSocketAddress door;
    private final int count;
    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(Requests.MOST_BYTES);
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(64 * 1024);
    private Map<Integer, Long> statuses = new TreeMap<>();
    private final long[] accepted = new long[100];
    private Samples took = new Samples(16);
    private long inFlight;
    private long lastAnswer;

    /**
     * Opens the connections and returns when all are.
     *
     * @throws IOException if the door takes none, or not all within half a minute
     */
    public HttpLoad(InetSocketAddress door, int count) throws IOException {
        selector = Selector.open();
        this.door = door;
        this.count = count;
        try {
            connect();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void connect() throws IOException {
        long deadline = System.nanoTime() + CONNECT.toNanos();
        try {
            // A door may have closed connections on which nothing came for a while.
            selector.selectNow(this::ready);
            while (idle.size() < count) {
                while (connections.size() < count && connections.size() - idle.size() < CONNECTING) {
                    connections.add(new Connection(door, selector));
                }
                selector.select(this::ready, 100);
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException(door + " took " + idle.size() + " of " + count + " connections");
                }
            }
        } catch (UncheckedConnectException e) {
            throw e.cause;
        }
    }

    private static final class UncheckedConnectException extends RuntimeException {
        private final IOException cause;

        UncheckedConnectException(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    private void connected(SelectionKey key) {
        Connection one = (Connection) key.attachment();
        try {
            one.finishConnect();
        } catch (IOException e) {
            throw new UncheckedConnectException(e);
        }
        idle.addLast(one);
    }

    /**
     * Sends what is due when it is due, or as soon as a connection is free, until the schedule ends and all is answered.
     *
     * @throws IOException if the door refuses to be connected again after it closed a connection
     */
    public Outcome run(Requests requests, Schedule schedule) throws IOException {
        connect();
        statuses = new TreeMap<>();
        Arrays.fill(accepted, 0);
        took = new Samples(1 << 16);
        long began = System.nanoTime();
        lastAnswer = began;
        long number = 0;
        long ended = 0;
        while (true) {
            long elapsed = System.nanoTime() - began;
            long due = ended == 0 ? schedule.due(number, elapsed) : Schedule.END;
            while (due != Schedule.END && due <= elapsed && !idle.isEmpty()) {
                send(idle.pollFirst(), requests, number, began + due);
                number++;
                due = schedule.due(number, elapsed);
            }
            if (due == Schedule.END) {
                ended = ended == 0 ? elapsed : ended;
                if (inFlight == 0 || elapsed - ended > LAST_ANSWERS.toNanos()) {
                    break;
                }
            }
            await(due, elapsed);
        }
        return outcome(began);
    }

    private void await(long due, long elapsed) throws IOException {
        try {
            if (due == Schedule.END || due <= elapsed) {
                selector.select(this::ready, 100);
            } else if (due - elapsed < TimeUnit.MILLISECONDS.toNanos(1)) {
                selector.select(this::ready, 1);
            } else {
                selector.select(this::ready, TimeUnit.NANOSECONDS.toMillis(due - elapsed));
            }
        } catch (UncheckedConnectException e) {
            throw e.cause;
        }
    }

    private Outcome outcome(long began) throws IOException {
        for (int i = 0; i < accepted.length; i++) {
            if (accepted[i] > 0) {
                statuses.put(200 + i, accepted[i]);
            }
        }
        if (inFlight > 0) {
            statuses.put(Outcome.UNANSWERED, inFlight);
            forgetUnanswered();
        }
        return new Outcome(began, Math.max(1, lastAnswer - began), statuses, took);
    }

    /** What is answered after all belongs to no later run. */
    private void forgetUnanswered() throws IOException {
        int begun = 0;
        for (Connection connection : connections) {
            if (connection.isBusy()) {
                connection.reconnect();
                if (++begun % CONNECTING == 0) {
                    // A closed channel keeps its file until the selector has looked.
                    selector.selectNow(key -> {});
                }
            }
        }
        inFlight = 0;
    }

    private void send(Connection connection, Requests requests, long number, long due) throws IOException {
        outgoing.clear();
        requests.put(number, outgoing);
        outgoing.flip();
        inFlight++;
        try {
            connection.send(outgoing, due);
        } catch (IOException e) {
            broken(connection);
        }
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isConnectable()) {
                connected(key);
                return;
            }
            if (key.isWritable()) {
                connection.goOnSending();
            }
            if (key.isReadable() && connection.receive(incoming)) {
                answered(connection);
            }
        } catch (IOException e) {
            try {
                broken(connection);
            } catch (IOException again) {
                throw new UncheckedConnectException(again);
            }
        }
    }

    private void answered(Connection connection) {
        lastAnswer = System.nanoTime();
        inFlight--;
        took.add(lastAnswer - connection.due());
        int status = connection.status();
        if (status >= 200 && status < 300) {
            accepted[status - 200]++;
        } else {
            statuses.merge(status, 1L, Long::sum);
        }
        idle.addLast(connection);
    }

    private void broken(Connection connection) throws IOException {
        if (connection.isBusy()) {
            inFlight--;
            statuses.merge(Outcome.BROKEN, 1L, Long::sum);
        } else {
            idle.remove(connection);
        }
        connection.reconnect();
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
