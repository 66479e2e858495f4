package io.millrace.processor.store;

/** The database's tables could not be brought to the state this release needs; the cause says why. */
public final class StoreSchemaException extends RuntimeException {
    StoreSchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
