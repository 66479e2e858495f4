package io.millrace.ingest.receive;

import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.outcome.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One body on its way in: room is asked for as bytes arrive, never as they are announced, so that a client which
 * promises much and sends nothing holds nothing. Belongs to its event loop.
 */
final class BodyReader {
    private final Exchange exchange;
    private final Admission.Ticket ticket;
    private final int limit;
    private byte[] bytes = {};
    private int length;

    BodyReader(Exchange exchange, Admission.Ticket ticket, int limit) {
        this.exchange = exchange;
        this.ticket = ticket;
        this.limit = limit;
    }

    /** Hands over the whole body, decompressed; or answers the exchange with what is wrong with it. */
    void read(boolean gzip, Consumer<byte[]> whole) {
        exchange.readBody(this::take, () -> {
            byte[] body = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
            if (gzip) {
                decompress(body, whole);
            } else {
                whole.accept(body);
            }
        });
    }

    private void take(Buffer chunk) {
        int size = length + chunk.length();
        if (size > limit) {
            exchange.problem(new Problem.BodyTooLarge(limit));
        } else if (size > bytes.length && !enlarge(size)) {
            exchange.problem(ticket.full());
        } else {
            chunk.getBytes(bytes, length);
            length = size;
        }
    }

    /** What is counted is what is allocated: a body that is half in takes more than its half. */
    private boolean enlarge(int size) {
        int capacity = length == 0 ? size : Math.min(limit, Math.max(size, bytes.length + bytes.length / 2));
        if (!ticket.grow(capacity - bytes.length)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, capacity);
        return true;
    }

    private void decompress(byte[] body, Consumer<byte[]> whole) {
        Gunzip.Result result = Gunzip.decompress(body, limit);
        if (result instanceof Gunzip.Result.Unreadable unreadable) {
            exchange.problem(unreadable.problem());
        } else if (result instanceof Gunzip.Result.Body plain) {
            if (ticket.grow(plain.bytes().length)) {
                whole.accept(plain.bytes());
            } else {
                exchange.problem(ticket.full());
            }
        }
    }
}
