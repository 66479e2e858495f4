package io.millrace.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A version that passed its checks and its trial. Never changed: another artifact is another version. The manifest's
 * sha256 names the bytes on topic model-artifacts.
 *
 * @param manifest of the version
 * @param bytes of the artifact
 * @param chunks that the artifact stands in
 * @param by who registered it: a token's subject, or "millrace" for a model that ships with it
 * @param at when
 * @param signature Ed25519, Base64, over the artifact's sha256 in hexadecimal, a line feed and the manifest's bytes; null
 *     where it was registered without one
 */
public record RegisteredVersion(
        Manifest manifest,
        long bytes,
        int chunks,
        String by,
        Instant at,
        @Nullable String signature) {
    public RegisteredVersion {
        Objects.requireNonNull(manifest, "manifest");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
        if (bytes < 0 || chunks < 1) {
            throw new IllegalArgumentException(
                    bytes + " bytes in " + chunks + " chunks: expected 0 bytes or more, 1 chunk or more");
        }
    }
}
