package io.millrace.ingest.query;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The last row of a page, from which the next one goes on; clients see only its text. It also knows the filters, because
 * a place in one result means nothing in another.
 *
 * @param receivedAt of the row; milliseconds are all that a prediction has
 * @param id of the row
 * @param filters a checksum of the query's filters
 */
public record Cursor(Instant receivedAt, UUID id, int filters) {
    /** Within what PostgreSQL's timestamptz can hold; outside of it there is nothing to find. */
    private static final Instant EARLIEST = newYear(-4_000);

    private static final Instant LATEST = newYear(200_000);

    private static final byte FORM = 1;
    private static final int LENGTH = 1 + Long.BYTES + 2 * Long.BYTES + Integer.BYTES;

    static int checksum(PredictionQuery query) {
        return checksum(Arrays.asList(
                query.source(),
                query.userId(),
                query.eventId(),
                query.model(),
                query.version(),
                query.role(),
                query.label(),
                query.minScore(),
                query.maxScore(),
                query.from(),
                query.to()));
    }

    /** @param filters in an order of their own; null where one is absent */
    public static int checksum(List<? extends @Nullable Object> filters) {
        CRC32 crc = new CRC32();
        for (Object filter : filters) {
            String text = String.valueOf(filter);
            crc.update((filter == null ? "-" : "=" + text.length() + ":" + text).getBytes(StandardCharsets.UTF_8));
        }
        return (int) crc.getValue();
    }

    /** The nearest time that the store can be asked for. */
    public static Instant clamp(Instant instant) {
        if (instant.isBefore(EARLIEST)) {
            return EARLIEST;
        }
        return instant.isAfter(LATEST) ? LATEST : instant;
    }

    private static Instant newYear(int year) {
        return LocalDate.of(year, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** As clients see it. */
    public String text() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH)
                .put(FORM)
                .putLong(receivedAt.toEpochMilli())
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putInt(filters);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Empty where it is none. */
    public static Optional<Cursor> parse(String text) {
        byte[] decoded;
        try {
            decoded = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(decoded);
        if (decoded.length != LENGTH || bytes.get() != FORM) {
            return Optional.empty();
        }
        Instant receivedAt = Instant.ofEpochMilli(bytes.getLong());
        return Optional.of(new Cursor(receivedAt, new UUID(bytes.getLong(), bytes.getLong()), bytes.getInt()));
    }
}
