package io.millrace.identity;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a producer's write key: everything but the key itself, which is kept nowhere.
 *
 * @param sha256 of the key's text
 * @param source whose events it posts
 * @param rate events a second that its source may post with it; null for the door's default
 * @param enabled whether it opens the door
 * @param createdBy who made it: a token's subject
 */
public record WriteKey(
        Sha256 sha256, Source source, @Nullable Integer rate, boolean enabled, Instant createdAt, String createdBy) {
    /** Events a second. */
    public static final int MAX_RATE = 10_000_000;

    private static final int ID_LENGTH = 16;

    public WriteKey {
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(createdBy, "createdBy");
        if (rate != null && (rate < 1 || rate > MAX_RATE)) {
            throw new IllegalArgumentException("rate: given " + rate + ", expected 1 to " + MAX_RATE);
        }
    }

    /** What one calls it by: the beginning of its digest, which tells nothing of the key. */
    public String id() {
        return sha256.hex().substring(0, ID_LENGTH);
    }
}
