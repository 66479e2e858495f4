package io.millrace.event;

import io.millrace.identity.Sha256;
import io.millrace.identity.UserKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user was erased: what was known of it is deleted, and what was predicted of it until then is not stored any more.
 *
 * @param hash of the user's key, which alone is kept once the store's rows are deleted
 * @param at by the processor's clock: predictions that were scored until then are meant, and none after
 * @param user null where its rows are deleted
 */
public record Erasure(Sha256 hash, Instant at, @Nullable UserKey user) {
    public Erasure {
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(at, "at");
        if (user != null && !hash.equals(hash(user))) {
            throw new IllegalArgumentException("hash " + hash + ": expected that of the user's key");
        }
    }

    /** Of a user whose rows are to be deleted. */
    public static Erasure of(UserKey user, Instant at) {
        return new Erasure(hash(user), at, user);
    }

    /** The same without the user. */
    public Erasure done() {
        return new Erasure(hash, at, null);
    }

    /** What a user is called by that nobody may know any more. */
    public static Sha256 hash(UserKey user) {
        return Sha256.of(user.text().getBytes(StandardCharsets.UTF_8));
    }
}
