package io.millrace.standalone.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection, with at most one request under way. Used by the load's thread. */
final class Connection {
    private final InetSocketAddress door;
    private final Selector selector;
    private final AnswerReading reading = new AnswerReading();
    private SocketChannel channel;
    private SelectionKey key;
    /** What the socket did not take yet of a request. */
    private @Nullable ByteBuffer rest;
    /** When the request under way was due; meaningless without one. */
    private long due;

    private boolean busy;

    Connection(InetSocketAddress door, Selector selector) throws IOException {
        this.door = door;
        this.selector = selector;
        this.channel = SocketChannel.open();
        this.key = connect();
    }

    private SelectionKey connect() throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(door);
        return channel.register(selector, SelectionKey.OP_CONNECT, this);
    }

    /** Begins anew; ready when {@link #finishConnect} was called. */
    void reconnect() throws IOException {
        channel.close();
        channel = SocketChannel.open();
        rest = null;
        busy = false;
        key = connect();
    }

    boolean isBusy() {
        return busy;
    }

    long due() {
        return due;
    }

    int status() {
        return reading.status();
    }

    void finishConnect() throws IOException {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
    }

    /** @param request whose bytes may be used again afterwards */
    void send(ByteBuffer request, long dueAt) throws IOException {
        busy = true;
        due = dueAt;
        channel.write(request);
        if (request.hasRemaining()) {
            rest = ByteBuffer.allocate(request.remaining()).put(request).flip();
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    void goOnSending() throws IOException {
        ByteBuffer left = rest;
        if (left != null) {
            channel.write(left);
            if (left.hasRemaining()) {
                return;
            }
            rest = null;
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    /** @return whether the request under way was answered */
    boolean receive(ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            throw new IOException("the door closed the connection");
        }
        buffer.flip();
        if (reading.read(buffer)) {
            busy = false;
            return true;
        }
        return false;
    }

    void close() throws IOException {
        channel.close();
    }
}
