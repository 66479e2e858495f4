package io.millrace.ingest.query.event;

import io.millrace.deadletter.DeadLetter;
import io.millrace.event.Event;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.prediction.Prediction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which event is looked for.
 *
 * @param userId the known user; an event of nobody known is not found with it
 * @param from earliest receipt, included
 * @param to receipt before which, excluded
 */
record Wanted(
        EventId id,
        @Nullable Source source,
        @Nullable String userId,
        @Nullable Instant from,
        @Nullable Instant to) {
    private static final int VERSION_7 = 7;
    private static final int MILLIS_SHIFT = 16;
    private static final int UUID_LENGTH = 36;

    boolean is(Event event) {
        return event.id().equals(id)
                && (source == null || source.equals(event.source()))
                && (userId == null || userId.equals(event.userId()))
                && isWithin(event.times().received());
    }

    /** A letter of the door names no user, and is taken for any. */
    boolean is(DeadLetter letter) {
        return id.value().equals(letter.eventId())
                && (source == null || letter.source() == null || source.equals(letter.source()))
                && (userId == null || letter.key() == null || isUser(letter.key()))
                && isWithin(letter.failedAt());
    }

    boolean is(Prediction prediction) {
        return (userId == null || userId.equals(prediction.userId())) && isWithin(prediction.receivedAt());
    }

    boolean isWithin(Instant time) {
        return (from == null || !time.isBefore(from)) && (to == null || time.isBefore(to));
    }

    boolean isBounded() {
        return from != null || to != null;
    }

    /** The key of its record, where it is known. */
    Optional<byte[]> key() {
        return source == null || userId == null
                ? Optional.empty()
                : Optional.of(new UserKey(source, false, userId).text().getBytes(StandardCharsets.UTF_8));
    }

    /** The time that stands in the id, where it is a UUID of version 7 (RFC 9562), as the door makes them. */
    Optional<Instant> madeAt() {
        if (id.value().length() != UUID_LENGTH) {
            return Optional.empty();
        }
        try {
            UUID uuid = UUID.fromString(id.value());
            return uuid.version() == VERSION_7
                    ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> MILLIS_SHIFT))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean isUser(byte[] key) {
        try {
            UserKey user = UserKey.parse(new String(key, StandardCharsets.UTF_8));
            return !user.anonymous() && user.id().equals(userId);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
