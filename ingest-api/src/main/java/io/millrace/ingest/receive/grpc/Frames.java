package io.millrace.ingest.receive.grpc;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages out of the bytes of a call (a flag, a length in four bytes, the message). Room is asked for as bytes arrive,
 * never as they are announced. Belongs to its event loop.
 */
final class Frames {
    private static final int HEADER = 5;

    /** What became of some bytes. */
    enum Fed {
        FINE,
        /** A message is over the limit. */
        TOO_LARGE,
        /** There is no room for more. */
        NO_ROOM,
        /** No gRPC message begins so. */
        MALFORMED
    }

    /** A whole message. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
    record Message(boolean compressed, byte[] bytes) {}

    /** Says whether this many more bytes may be held. */
    @FunctionalInterface
    interface Room {
        boolean grow(int more);
    }

    private final int limit;
    private final Room room;
    private final byte[] header = new byte[HEADER];
    private int headerLength;
    private byte @Nullable [] body;
    private int length;
    private int wanted;

    Frames(int limit, Room room) {
        this.limit = limit;
        this.room = room;
    }

    /** Whether a message has begun and not ended. */
    boolean isAmidst() {
        return headerLength > 0;
    }

    /** Takes bytes as they came, and hands over every message that is whole. */
    Fed feed(Buffer chunk, Consumer<Message> whole) {
        int at = 0;
        while (at < chunk.length()) {
            if (headerLength < HEADER) {
                header[headerLength++] = chunk.getByte(at++);
                if (headerLength < HEADER) {
                    continue;
                }
                Fed begun = begin();
                if (begun != Fed.FINE) {
                    return begun;
                }
            }
            int take = Math.min(wanted - length, chunk.length() - at);
            if (take > 0 && !append(chunk, at, take)) {
                return Fed.NO_ROOM;
            }
            at += take;
            if (length == wanted) {
                byte[] message =
                        body == null ? new byte[0] : body.length == length ? body : Arrays.copyOf(body, length);
                boolean compressed = header[0] == 1;
                headerLength = 0;
                body = null;
                whole.accept(new Message(compressed, message));
            }
        }
        return Fed.FINE;
    }

    private Fed begin() {
        long announced =
                (header[1] & 0xffL) << 24 | (header[2] & 0xffL) << 16 | (header[3] & 0xffL) << 8 | (header[4] & 0xffL);
        if (header[0] != 0 && header[0] != 1) {
            return Fed.MALFORMED;
        }
        if (announced > limit) {
            return Fed.TOO_LARGE;
        }
        wanted = (int) announced;
        length = 0;
        return Fed.FINE;
    }

    private boolean append(Buffer chunk, int at, int take) {
        int size = length + take;
        byte[] held = body == null ? new byte[0] : body;
        if (size > held.length) {
            int capacity = Math.min(wanted, Math.max(size, held.length + held.length / 2));
            if (!room.grow(capacity - held.length)) {
                return false;
            }
            held = Arrays.copyOf(held, capacity);
        }
        chunk.getBytes(at, at + take, held, length);
        body = held;
        length = size;
        return true;
    }
}
