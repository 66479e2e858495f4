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
 * @param detail one sentence: what, the value, what was expected
 * @param stage where on the path it was refused
 * @param origin the record it came from; null for what the door refused
 * @param source the producer, where it is known
 * @param eventId the event's id, where it could be read
 * @param model {@code name@version}, where a model refused it
 * @param key the original record's key, or null
 * @param payload the original bytes, at most {@link #MAX_PAYLOAD}
 * @param truncated whether there were more
 * @param attempts how often it was tried, 1 at the first refusal
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

    /** The steps of the path. */
    public enum Stage {
        VALIDATE,
        DECODE,
        FEATURIZE,
        SCORE,
        PROCESS,
        PRODUCE,
        STORE;

        private final String text = name().toLowerCase(java.util.Locale.ROOT);

        public String text() {
            return text;
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
        this.detail = Objects.requireNonNull(detail, "detail");
        this.stage = Objects.requireNonNull(stage, "stage");
        this.origin = origin;
        this.source = source;
        this.eventId = eventId;
        this.model = model;
        this.key = key;
        this.payload = payload != null && tooLong ? Arrays.copyOf(payload, MAX_PAYLOAD) : payload;
        this.truncated = truncated || tooLong;
        this.attempts = attempts;
        this.failedAt = Objects.requireNonNull(failedAt, "failedAt");
        this.traceparent = traceparent;
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
