package io.millrace.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A version that passed its checks and its trial. Never changed: another artifact is another version. The manifest's
 * sha256 names the bytes on topic model-artifacts.
 *
 * @param manifest of the version
 * @param yaml the manifest as it was registered, character by character: what the signature is over
 * @param bytes of the artifact
 * @param chunks that the artifact stands in
 * @param offset at or after which the chunks stand on topic model-artifacts; a hint, since the topic may have been copied
 * @param by who registered it: a token's subject, or "millrace" for a model that ships with it
 * @param at when
 * @param signature Ed25519, Base64, over the artifact's sha256 in hexadecimal, a line feed and the yaml in UTF-8; null
 *     where it was registered without one
 */
public record RegisteredVersion(
        Manifest manifest,
        String yaml,
        long bytes,
        int chunks,
        long offset,
        String by,
        Instant at,
        @Nullable String signature) {
    public RegisteredVersion {
        Objects.requireNonNull(manifest, "manifest");
        Objects.requireNonNull(yaml, "yaml");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
        if (bytes < 0 || chunks < 1) {
            throw new IllegalArgumentException(
                    bytes + " bytes in " + chunks + " chunks: expected 0 bytes or more, 1 chunk or more");
        }
    }
}
