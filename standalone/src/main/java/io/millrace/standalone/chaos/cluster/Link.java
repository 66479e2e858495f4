package io.millrace.standalone.chaos.cluster;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a port that can be cut and slowed: what connects to its own port is led on. Thread-safe.
 *
 * <p>Cut, it swallows: connections stay open and nothing arrives, as on a network that drops packets; what was on its way
 * arrives once it is whole again. Or it refuses: open connections are reset, and new ones too.
 */
public final class Link {
    private static final String LOOPBACK = "127.0.0.1";

    private final Vertx vertx;
    private final NetClient client;
    private final String name;
    private final int port;
    private final int target;
    private final Set<Way> ways = ConcurrentHashMap.newKeySet();
    private volatile State state = State.WHOLE;
    private volatile long delayMillis;

    private enum State {
        WHOLE,
        SWALLOWING,
        REFUSING
    }

    Link(Vertx vertx, NetClient client, String name, int port, int target) {
        this.vertx = vertx;
        this.client = client;
        this.name = name;
        this.port = port;
        this.target = target;
    }

    /** Listens. */
    void open() {
        vertx.createNetServer(
                        new NetServerOptions().setHost(LOOPBACK).setPort(port).setTcpNoDelay(true))
                .connectHandler(this::connected)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public String name() {
        return name;
    }

    int port() {
        return port;
    }

    /** Nothing arrives any more, and nobody is told. */
    public void swallow() {
        state = State.SWALLOWING;
    }

    /** Connections are reset, also those that come. */
    public void refuse() {
        state = State.REFUSING;
        ways.forEach(Way::cut);
    }

    /** Everything takes so much longer, each way. */
    public void slow(long millis) {
        delayMillis = millis;
    }

    /** As it was. */
    public void heal() {
        delayMillis = 0;
        state = State.WHOLE;
        ways.forEach(Way::goOn);
    }

    private void connected(NetSocket near) {
        if (state == State.REFUSING) {
            near.close();
            return;
        }
        near.pause();
        client.connect(target, LOOPBACK).onComplete(connected -> {
            if (connected.failed()) {
                near.close();
                return;
            }
            NetSocket far = connected.result();
            Way there = new Way(near, far);
            Way back = new Way(far, near);
            ways.add(there);
            ways.add(back);
            near.closeHandler(unused -> closed(there, back, far));
            far.closeHandler(unused -> closed(there, back, near));
            near.exceptionHandler(unused -> near.close());
            far.exceptionHandler(unused -> far.close());
            near.handler(there::take);
            far.handler(back::take);
            near.resume();
        });
    }

    private void closed(Way there, Way back, NetSocket other) {
        ways.remove(there);
        ways.remove(back);
        other.close();
    }

    /** One direction of one connection, in order. */
    private final class Way {
        private final NetSocket from;
        private final NetSocket to;
        private final Deque<Buffer> waiting = new ArrayDeque<>();
        private boolean timer;

        Way(NetSocket from, NetSocket to) {
            this.from = from;
            this.to = to;
        }

        synchronized void take(Buffer bytes) {
            if (state == State.WHOLE && delayMillis == 0 && waiting.isEmpty()) {
                send(bytes);
                return;
            }
            waiting.add(bytes);
            // The sender finds its window full before memory does.
            from.pause();
            schedule();
        }

        private void schedule() {
            if (!timer && state == State.WHOLE) {
                timer = true;
                vertx.setTimer(Math.max(1, delayMillis), unused -> release());
            }
        }

        private synchronized void release() {
            timer = false;
            if (state != State.WHOLE) {
                return;
            }
            while (!waiting.isEmpty()) {
                send(waiting.remove());
            }
            from.resume();
        }

        private void send(Buffer bytes) {
            to.write(bytes);
            if (to.writeQueueFull()) {
                from.pause();
                to.drainHandler(unused -> from.resume());
            }
        }

        synchronized void goOn() {
            if (!waiting.isEmpty()) {
                schedule();
            }
        }

        void cut() {
            from.close();
        }
    }
}
