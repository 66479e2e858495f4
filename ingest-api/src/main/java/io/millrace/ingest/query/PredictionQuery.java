package io.millrace.ingest.query;

import io.millrace.identity.Source;
import io.millrace.prediction.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which predictions are asked for; a filter that is null lets everything pass. Results come newest first, by time of
 * receipt.
 *
 * @param shadows whether those of shadows are among them where no role is asked for
 * @param from earliest event time, included
 * @param to event time before which, excluded
 * @param limit 1 to {@value #MAX_LIMIT}
 * @param cursor where to go on, as the page before gave it; with the same filters
 */
public record PredictionQuery(
        @Nullable Source source,
        @Nullable String userId,
        @Nullable String eventId,
        @Nullable String model,
        @Nullable String version,
        @Nullable Role role,
        boolean shadows,
        @Nullable String label,
        @Nullable Float minScore,
        @Nullable Float maxScore,
        @Nullable Instant from,
        @Nullable Instant to,
        int limit,
        @Nullable String cursor) {
    public static final int MAX_LIMIT = 1_000;

    public PredictionQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + ": expected 1 to " + MAX_LIMIT);
        }
    }

    /** The same filters, from another place on. */
    PredictionQuery page(int newLimit, @Nullable String newCursor) {
        return new PredictionQuery(
                source, userId, eventId, model, version, role, shadows, label, minScore, maxScore, from, to, newLimit,
                newCursor);
    }

    /** Begins with no filter. */
    public static Builder newest(int limit) {
        return new Builder(limit);
    }

    /** Puts a query together, since most filters are absent most of the time. Not thread-safe. */
    public static final class Builder {
        private final int limit;
        private @Nullable Source source;
        private @Nullable String userId;
        private @Nullable String eventId;
        private @Nullable String model;
        private @Nullable String version;
        private @Nullable Role role;
        private boolean shadows = true;
        private @Nullable String label;
        private @Nullable Float minScore;
        private @Nullable Float maxScore;
        private @Nullable Instant from;
        private @Nullable Instant to;
        private @Nullable String cursor;

        private Builder(int limit) {
            this.limit = limit;
        }

        public Builder source(@Nullable Source value) {
            source = value;
            return this;
        }

        public Builder userId(@Nullable String value) {
            userId = value;
            return this;
        }

        public Builder eventId(@Nullable String value) {
            eventId = value;
            return this;
        }

        public Builder model(@Nullable String value) {
            model = value;
            return this;
        }

        public Builder version(@Nullable String value) {
            version = value;
            return this;
        }

        public Builder role(@Nullable Role value) {
            role = value;
            return this;
        }

        /** Leaves shadows out, unless a role or a version is asked for: they are watched, and count for nothing. */
        public Builder withoutShadows() {
            shadows = false;
            return this;
        }

        public Builder label(@Nullable String value) {
            label = value;
            return this;
        }

        /** The least score, included. */
        public Builder minScore(@Nullable Float value) {
            minScore = value;
            return this;
        }

        /** The greatest score, included. */
        public Builder maxScore(@Nullable Float value) {
            maxScore = value;
            return this;
        }

        /** The earliest event time, included. */
        public Builder from(@Nullable Instant value) {
            from = value;
            return this;
        }

        /** The event time to end before. */
        public Builder to(@Nullable Instant value) {
            to = value;
            return this;
        }

        public Builder cursor(@Nullable String value) {
            cursor = value;
            return this;
        }

        /**
         * The query.
         *
         * @throws IllegalArgumentException if the limit is out of range
         */
        public PredictionQuery build() {
            return new PredictionQuery(
                    source, userId, eventId, model, version, role, shadows, label, minScore, maxScore, from, to, limit,
                    cursor);
        }
    }
}
