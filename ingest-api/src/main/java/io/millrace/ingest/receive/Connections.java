package io.millrace.ingest.receive;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every open connection from the moment it is accepted, before a byte of HTTP or TLS was read: Vert.x tells of one only
 * when its first request's head is there, and a client that never sends it would be counted by nobody. One too many is
 * closed at once; one that sends no head in time, be it a byte at a time, is closed too. Thread-safe.
 */
public final class Connections {
    /** How late a deadline may be told. */
    public static final long SWEEP_MILLIS = 500;

    private final int most;
    private final long headNanos;
    private final long idleNanos;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<SocketAddress, Guest> guests = new ConcurrentHashMap<>();

    /**
     * Admits at most so many.
     *
     * @param head from a connection's beginning to the end of its first request's head
     * @param idle from an answer to the end of the next request's head
     */
    public Connections(int most, Duration head, Duration idle) {
        this.most = most;
        this.headNanos = head.toNanos();
        this.idleNanos = idle.toNanos();
    }

    int open() {
        return open.get();
    }

    /** Closes whoever had time enough. */
    public void sweep(long nanoTime) {
        guests.values().forEach(guest -> guest.sweep(nanoTime));
    }

    /** The door's time is up. */
    void cutAll() {
        guests.values().forEach(Guest::cut);
    }

    /** Who is at this address; null where the connection is gone. */
    public @Nullable Guest guest(SocketAddress remote) {
        return guests.get(remote);
    }

    /** Sees each accepted connection before anybody else does. */
    ChannelInboundHandlerAdapter doorkeeper(Function<java.net.SocketAddress, @Nullable SocketAddress> convert) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object accepted) {
                Channel channel = (Channel) accepted;
                if (open.incrementAndGet() > most) {
                    open.decrementAndGet();
                    channel.unsafe().closeForcibly();
                    return;
                }
                SocketAddress remote = convert.apply(channel.remoteAddress());
                Guest guest = remote == null ? null : new Guest(channel);
                channel.pipeline()
                        .addLast(new Arrival(guest, remote))
                        .addLast(new UpgradeIgnored())
                        .addLast(new Nonsense(guest));
                context.fireChannelRead(accepted);
            }
        };
    }

    /** Keeps count as long as the connection is there. */
    private final class Arrival extends ChannelInboundHandlerAdapter {
        private final @Nullable Guest guest;
        private final @Nullable SocketAddress remote;

        Arrival(@Nullable Guest guest, @Nullable SocketAddress remote) {
            this.guest = guest;
            this.remote = remote;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            if (guest != null && remote != null) {
                guests.put(remote, guest);
            }
            context.channel().closeFuture().addListener(closed -> {
                open.decrementAndGet();
                if (guest != null && remote != null) {
                    guests.remove(remote, guest);
                }
            });
            context.pipeline().remove(this);
        }
    }

    /** One connection, as its requests see it: what it may take to send the next head. */
    public final class Guest {
        private final Channel channel;
        private int requests;
        private boolean seen;
        private boolean staying;
        private boolean leaving;
        private boolean closing;
        private long quietSince = System.nanoTime();

        private Guest(Channel channel) {
            this.channel = channel;
        }

        /** A request's head is there. */
        synchronized void begins() {
            seen = true;
            requests++;
        }

        /** A request is over, answer and all. */
        synchronized void ends() {
            requests--;
            quietSince = System.nanoTime();
        }

        /** It speaks HTTP/2 or MQTT: no head of its own is late there, and silence is told otherwise. */
        public synchronized void stays() {
            staying = true;
        }

        synchronized boolean isStaying() {
            return staying;
        }

        /** Whether this is a request; after {@link #leaves}, what it sends is none. */
        synchronized boolean isLeaving() {
            return leaving;
        }

        /** Nobody knows where its next request would begin; false where that was so before. */
        synchronized boolean leaves() {
            boolean first = !leaving;
            leaving = true;
            return first;
        }

        /** Closes the socket at once: what its client has not taken of an answer, a usual close would wait for. */
        void cut() {
            channel.eventLoop()
                    .execute(() -> channel.unsafe().close(channel.unsafe().voidPromise()));
        }

        /** Whether more is read of it; what is not stays in its socket, and its client has to wait. */
        public void read(boolean more) {
            var unused = channel.config().setAutoRead(more);
        }

        private synchronized void sweep(long nanoTime) {
            boolean late = !staying && requests == 0 && nanoTime - quietSince > (seen ? idleNanos : headNanos);
            if (late && closing) {
                cut();
            } else if (late) {
                closing = true;
                var unused = channel.close();
            }
        }
    }
}
