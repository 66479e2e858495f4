package io.millrace.ingest.authorize;

import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import java.time.Duration;
import java.util.Map;

/**
 * Who is known.
 *
 * @param writeKeys the source of each write key, by the key's SHA-256: the keys themselves are kept nowhere
 * @param jwtSecret of HS256, at least 32 bytes; empty means that no token is known
 * @param issuer that a token must name
 * @param audience that a token must name
 * @param leeway for clocks that differ
 */
public record AccessConfig(
        Map<Sha256, Source> writeKeys, String jwtSecret, String issuer, String audience, Duration leeway) {
    public AccessConfig {
        writeKeys = Map.copyOf(writeKeys);
    }

    @Override
    public String toString() {
        return "AccessConfig[" + writeKeys.size() + " write keys, issuer=" + issuer + ", audience=" + audience + "]";
    }
}
