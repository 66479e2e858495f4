package io.millrace.ingest;

import io.millrace.config.Key;
import io.millrace.ingest.authorize.TokenAlgorithm;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The settings for tokens that an issuer signs with keys of its own. */
final class TokenKeys {
    static final Key<String> JWT_KEYS_URL = Key.text(
            "ingest.jwt.keys-url",
            "",
            "URL of an issuer's JSON Web Key Set, for tokens signed with its keys: https, or http on loopback; empty for none.");

    static final Key<Set<TokenAlgorithm>> JWT_ALGORITHMS = new Key<>(
            "ingest.jwt.algorithms",
            "",
            "some of " + Arrays.toString(TokenAlgorithm.values()) + ", separated by commas",
            "Signatures that are taken, whatever a token asks for; empty takes HS256 where there is a secret, and RS256 and"
                    + " ES256 where there is a keys-url.",
            false,
            TokenKeys::parseAlgorithms);

    static final Key<Duration> JWT_KEYS_REFRESH =
            Key.duration("ingest.jwt.keys-refresh", "5m", "How often the issuer's keys are fetched.");

    static final Key<Duration> JWT_KEYS_BETWEEN = Key.duration(
            "ingest.jwt.keys-between",
            "30s",
            "Least time between two fetches of the issuer's keys, also when tokens name keys that are not known.");

    static final Key<Duration> JWT_KEYS_OUTAGE =
            Key.duration("ingest.jwt.keys-outage", "4h", "How long keys are used after the issuer was last heard.");

    static final List<Key<?>> ALL =
            List.of(JWT_KEYS_URL, JWT_ALGORITHMS, JWT_KEYS_REFRESH, JWT_KEYS_BETWEEN, JWT_KEYS_OUTAGE);

    private TokenKeys() {}

    private static Set<TokenAlgorithm> parseAlgorithms(String text) {
        Set<TokenAlgorithm> algorithms = EnumSet.noneOf(TokenAlgorithm.class);
        for (String name : text.isBlank() ? new String[0] : text.split(",", -1)) {
            algorithms.add(TokenAlgorithm.valueOf(name.trim().toUpperCase(Locale.ROOT)));
        }
        return algorithms;
    }
}
