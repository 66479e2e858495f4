package io.millrace.deadletter;

import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A refused event or record, with all that is needed to see why and to put it back.
 *
 * @param reason the stable code
 * @param detail one sentence: what, the value, what was expected; at most {@link #MAX_DETAIL}
 * @param stage where on the path it was refused
 * @param origin the record it came from; null for what the door refused
 * @param source the producer, where it is known
 * @param eventId the event's id, where it could be read
 * @param model {@code name@version}, where a model refused it
 * @param key the original record's key, at most {@link #MAX_KEY}, or null
 * @param payload the original bytes, at most {@link #MAX_PAYLOAD}
 * @param truncated whether there were more
 * @param attempts how often it was tried, 1 at the first refusal; one more with each redrive
 * @param failedAt when it was refused
 * @param traceparent the event's trace
 */
public record DeadLetter(
        Reason reason,
        String detail,
        Stage stage,
        @Nullable Origin origin,
        @Nullable Source source,
        @Nullable String eventId,
        @Nullable String model,
        byte @Nullable [] key,
        byte @Nullable [] payload,
        boolean truncated,
        int attempts,
        Instant failedAt,
        @Nullable Traceparent traceparent) {
    /** In bytes. A refused event over it is kept up to here: the start of it tells what it was. */
    public static final int MAX_PAYLOAD = 64 * 1024;

    /** In bytes. A foreign record's key may be as long as a broker takes; a letter must fit into a record. */
    public static final int MAX_KEY = 4 * 1024;

    /** In characters: what is quoted of the refused record may be as long as that was. */
    public static final int MAX_DETAIL = 1_000;

    private static final int MAX_NAME = 256;

    /** The steps of the path, and what had happened to the event when it was refused there. */
    public enum Stage {
        /** By the door: it never was on user-events. The payload is what was posted. */
        VALIDATE,
        /** Nothing: neither remembered as seen nor counted. Or a record of predictions that the store could not read. */
        DECODE,
        /** Remembered and counted in the features; the model that is named got no inputs, others may have scored it. */
        FEATURIZE,
        /** Remembered and counted; the model that is named did not score it, others may have. Without a model, none has. */
        SCORE,
        /** Nothing: a processor threw before the event was remembered or counted. */
        PROCESS,
        /** A prediction or profile, which is the payload, was refused by the broker. */
        PRODUCE,
        /** A prediction, which is the payload, was refused by PostgreSQL. */
        STORE;

        private final String text = name().toLowerCase(java.util.Locale.ROOT);

        public String text() {
            return text;
        }

        /** Whether the event had been remembered as seen and counted in its user's features. */
        public boolean isTaken() {
            return this == FEATURIZE || this == SCORE;
        }

        /**
         * Reads what {@link #text()} wrote.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static Stage parse(String text) {
            for (Stage stage : values()) {
                if (stage.text.equals(text)) {
                    return stage;
                }
            }
            throw new IllegalArgumentException("stage \"" + text + "\"");
        }
    }

    /** The refused record's place. */
    public record Origin(String topic, int partition, long offset) {}

    // Written out, because JDK 17 drops the arrays' @Nullable from a compact constructor's class file, and NullAway
    // would
    // then refuse null in every other module.
    public DeadLetter(
            Reason reason,
            String detail,
            Stage stage,
            @Nullable Origin origin,
            @Nullable Source source,
            @Nullable String eventId,
            @Nullable String model,
            byte @Nullable [] key,
            byte @Nullable [] payload,
            boolean truncated,
            int attempts,
            Instant failedAt,
            @Nullable Traceparent traceparent) {
        boolean tooLong = payload != null && payload.length > MAX_PAYLOAD;
        this.reason = Objects.requireNonNull(reason, "reason");
        this.detail = bounded(Objects.requireNonNull(detail, "detail"), MAX_DETAIL);
        this.stage = Objects.requireNonNull(stage, "stage");
        this.origin = origin;
        this.source = source;
        this.eventId = eventId == null ? null : bounded(eventId, MAX_NAME);
        this.model = model == null ? null : bounded(model, MAX_NAME);
        this.key = key != null && key.length > MAX_KEY ? Arrays.copyOf(key, MAX_KEY) : key;
        this.payload = payload != null && tooLong ? Arrays.copyOf(payload, MAX_PAYLOAD) : payload;
        this.truncated = truncated || tooLong;
        this.attempts = attempts;
        this.failedAt = Objects.requireNonNull(failedAt, "failedAt");
        this.traceparent = traceparent;
    }

    private static String bounded(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeadLetter that
                && reason == that.reason
                && detail.equals(that.detail)
                && stage == that.stage
                && Objects.equals(origin, that.origin)
                && Objects.equals(source, that.source)
                && Objects.equals(eventId, that.eventId)
                && Objects.equals(model, that.model)
                && Arrays.equals(key, that.key)
                && Arrays.equals(payload, that.payload)
                && truncated == that.truncated
                && attempts == that.attempts
                && failedAt.equals(that.failedAt)
                && Objects.equals(traceparent, that.traceparent);
    }

    @Override
    public int hashCode() {
        return Objects.hash(reason, detail, stage, origin, source, eventId, failedAt);
    }
}
