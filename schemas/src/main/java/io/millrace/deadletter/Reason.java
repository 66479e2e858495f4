package io.millrace.deadletter;

import java.util.Locale;

/**
 * Why a record or an event was refused. The codes are stable: they are in answers, in dead letters and in metrics, and a
 * producer may branch on them.
 */
public enum Reason {
    /** The bytes are no JSON. */
    INVALID_JSON,
    /** The bytes are no UTF-8. */
    INVALID_UTF8,
    /** The JSON is nested deeper than 64 levels. */
    TOO_DEEP,
    /** The event is not a JSON object. */
    NOT_AN_OBJECT,
    /** A field has the wrong JSON type. */
    WRONG_TYPE,
    /** A field that must be there is not. */
    MISSING_FIELD,
    /** A field stands twice. */
    DUPLICATE_FIELD,
    /** A text is longer than its field allows. */
    TOO_LONG,
    /** A text is empty where it must not be. */
    EMPTY_TEXT,
    /** The kind is none of the six. */
    UNKNOWN_KIND,
    /** A time is not an ISO 8601 instant. */
    INVALID_TIMESTAMP,
    /** A time is before 2000, or too far in the future. */
    TIMESTAMP_OUT_OF_RANGE,
    /** A text holds NUL or half a surrogate pair, which the store cannot keep. */
    INVALID_CHARACTER,
    /** A field has a value that its protocol does not know. */
    INVALID_VALUE,
    /** The event is over 32 KiB. */
    EVENT_TOO_LARGE,
    /** The batch has more than 2,500 events. */
    BATCH_TOO_LARGE,
    /** The body has no event. */
    EMPTY_BATCH,
    /** The record on the topic is no event of this schema. */
    UNDECODABLE,
    /** A record on user-events has no value. */
    TOMBSTONE,
    /** A feature that the model cannot do without is missing or malformed. */
    INVALID_FEATURE,
    /** The model threw. */
    MODEL_FAILED,
    /** The model's score is NaN or infinite. */
    SCORE_NOT_FINITE,
    /** A processor threw: a bug in Millrace. */
    PROCESSING_FAILED,
    /** The broker refused a record for good. */
    PRODUCTION_FAILED,
    /** PostgreSQL refused the row for good. */
    STORE_REFUSED;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The stable code, snake_case. */
    public String code() {
        return code;
    }

    /**
     * Reads what {@link #code()} wrote.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Reason parse(String code) {
        for (Reason reason : values()) {
            if (reason.code.equals(code)) {
                return reason;
            }
        }
        throw new IllegalArgumentException("reason \"" + code + "\": expected one of those in dead-letter.schema.json");
    }
}
