package io.millrace.ingest.adapt;

/** Translates the bodies of one call of a foreign protocol; decides nothing that {@code POST /v1/events} decides. Thread-safe. */
@FunctionalInterface
public interface Adapter {
    /**
     * Reads one body, decompressed; whatever it holds, this throws nothing.
     *
     * @param body becomes the adapter's: credentials in it are overwritten, so that no dead letter keeps them
     */
    Adapted read(byte[] body);

    /** Whether it may find out who sent a body of which the request's head does not say so. */
    default boolean mayNameSender() {
        return false;
    }
}
