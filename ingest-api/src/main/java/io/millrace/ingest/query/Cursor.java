package io.millrace.ingest.query;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The last row of a page, from which the next one goes on; clients see only its text. It also knows the filters, because
 * a place in one result means nothing in another.
 *
 * @param receivedAt of the row; milliseconds are all that a prediction has
 * @param id of the row
 * @param filters a checksum of the query's filters
 */
record Cursor(Instant receivedAt, UUID id, int filters) {
    private static final byte FORM = 1;
    private static final int LENGTH = 1 + Long.BYTES + 2 * Long.BYTES + Integer.BYTES;

    static int checksum(PredictionQuery query) {
        CRC32 crc = new CRC32();
        for (Object filter : Arrays.asList(
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
                query.to())) {
            String text = String.valueOf(filter);
            crc.update((filter == null ? "-" : "=" + text.length() + ":" + text).getBytes(StandardCharsets.UTF_8));
        }
        return (int) crc.getValue();
    }

    String text() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH)
                .put(FORM)
                .putLong(receivedAt.toEpochMilli())
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putInt(filters);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    static Optional<Cursor> parse(String text) {
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
