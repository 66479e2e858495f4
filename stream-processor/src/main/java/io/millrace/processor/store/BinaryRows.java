package io.millrace.processor.store;

import io.millrace.identity.Traceparent;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the binary form of COPY, which needs no quoting here and no parsing of numbers and times there. They are encoded as
 * they are read, some 64 KiB at once: PostgreSQL takes the first rows while the next are encoded, and the memory does not grow with
 * the batch. Belongs to one thread; never fails.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS">COPY, binary format</a>
 */
final class BinaryRows extends InputStream {
    /** The columns, in the order in which {@link #row} writes them. */
    static final String COLUMNS =
            "received_at, id, event_id, source, user_id, anonymous_id, model, version, sha256, role,"
                    + " score, label, threshold, features, sequence, event_time, scored_at, traceparent";

    private static final short COLUMN_COUNT = 18;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    /** PostgreSQL counts its microseconds from here. */
    private static final long EPOCH_MILLIS =
            Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

    /** What the driver asks for at once. */
    private static final int CHUNK = 64 * 1024;

    private static final int USUAL_ROW = 2 * 1_024;

    private final List<StoredPrediction> rows;
    private int nextRow;
    private boolean ended;
    private byte[] bytes = new byte[CHUNK + USUAL_ROW];
    private int length;
    private int read;

    /** The whole stream, header to trailer. */
    BinaryRows(List<StoredPrediction> rows) {
        this.rows = rows;
        raw(SIGNATURE, 0, SIGNATURE.length);
        // No flags, no extension.
        int32(0);
        int32(0);
    }

    @Override
    public int read() {
        return hasMore() ? Byte.toUnsignedInt(bytes[read++]) : -1;
    }

    @Override
    public int read(byte[] into, int offset, int count) {
        if (count == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int given = Math.min(count, length - read);
        System.arraycopy(bytes, read, into, offset, given);
        read += given;
        return given;
    }

    private boolean hasMore() {
        if (read == length) {
            read = 0;
            length = 0;
            encode();
        }
        return read < length;
    }

    private void encode() {
        while (nextRow < rows.size() && length < CHUNK) {
            row(rows.get(nextRow++));
        }
        if (nextRow == rows.size() && !ended) {
            int16((short) -1);
            ended = true;
        }
    }

    private void row(StoredPrediction row) {
        Prediction prediction = row.prediction();
        Traceparent traceparent = prediction.traceparent();
        int16(COLUMN_COUNT);
        time(prediction.receivedAt());
        uuid(prediction.id().value());
        text(prediction.eventId().value());
        text(prediction.source().name());
        text(prediction.userId());
        text(prediction.anonymousId());
        text(prediction.model().name());
        text(prediction.model().version());
        text(prediction.sha256().hex());
        text(prediction.role().text());
        real(prediction.score());
        text(prediction.label());
        real(prediction.threshold());
        json(row.features());
        json(row.sequence());
        time(prediction.eventTime());
        time(prediction.scoredAt());
        text(traceparent == null ? null : traceparent.value());
    }

    private void text(@Nullable String value) {
        if (value == null) {
            int32(-1);
        } else {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            int32(utf8.length);
            raw(utf8, 0, utf8.length);
        }
    }

    private void json(@Nullable JsonObject value) {
        if (value == null) {
            int32(-1);
        } else {
            int32(value.length());
            raw(value.array(), value.offset(), value.length());
        }
    }

    private void time(Instant value) {
        int32(Long.BYTES);
        // The codec knows the years 0 to 9999 and milliseconds: nothing overflows and nothing is lost.
        int64((value.toEpochMilli() - EPOCH_MILLIS) * 1_000);
    }

    private void uuid(UUID value) {
        int32(2 * Long.BYTES);
        int64(value.getMostSignificantBits());
        int64(value.getLeastSignificantBits());
    }

    private void real(float value) {
        int32(Float.BYTES);
        int32(Float.floatToRawIntBits(value));
    }

    private void int16(short value) {
        reserve(Short.BYTES);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }

    private void int32(int value) {
        reserve(Integer.BYTES);
        bytes[length++] = (byte) (value >> 24);
        bytes[length++] = (byte) (value >> 16);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }

    private void int64(long value) {
        int32((int) (value >> 32));
        int32((int) value);
    }

    private void raw(byte[] from, int offset, int count) {
        reserve(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
