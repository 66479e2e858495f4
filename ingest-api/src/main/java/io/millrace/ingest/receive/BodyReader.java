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
        } else if (!ticket.grow(chunk.length())) {
            exchange.problem(ticket.full());
        } else {
            append(chunk, size);
        }
    }

    private void append(Buffer chunk, int size) {
        if (length == 0) {
            bytes = chunk.getBytes();
        } else {
            if (size > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(size, bytes.length * 2)));
            }
            chunk.getBytes(bytes, length);
        }
        length = size;
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
