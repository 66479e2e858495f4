package io.millrace.processor.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the store's writer is doing.
 *
 * @param connected whether the last try to work with the database succeeded
 * @param lastSuccess when that was, or null before the first
 * @param lag records on the topic that are not stored yet, as last counted
 * @param detail one sentence: what is wrong, or that nothing is
 */
public record StoreHealth(boolean connected, @Nullable Instant lastSuccess, long lag, String detail) {}
