package io.millrace.ingest.validate;

/** How events lie in a body. */
public enum Framing {
    /** One JSON object, or a JSON array of objects. */
    JSON,
    /** One JSON object a line; empty lines are skipped. */
    NDJSON
}
