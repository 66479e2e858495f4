package io.millrace.ingest.authorize;

import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is known.
 *
 * @param writeKeys the source of each configured write key, by the key's SHA-256: the keys themselves are kept nowhere
 * @param tokens which bearers are tokens of ours
 */
public record AccessConfig(Map<Sha256, Source> writeKeys, Tokens tokens) {
    public AccessConfig {
        writeKeys = Map.copyOf(writeKeys);
    }

    /**
     * What a token must be.
     *
     * @param secret of HS256 and its siblings, long enough for each of them; empty means that none of them is taken
     * @param algorithms that are taken, whatever a token's header asks for
     * @param issuerKeys where the keys of all other algorithms come from
     * @param issuer that a token must name
     * @param audience that a token must name
     * @param leeway for clocks that differ
     */
    public record Tokens(
            String secret,
            Set<TokenAlgorithm> algorithms,
            Optional<IssuerKeys> issuerKeys,
            String issuer,
            String audience,
            Duration leeway) {
        public Tokens {
            algorithms = Set.copyOf(algorithms);
        }

        @Override
        public String toString() {
            return "Tokens[" + algorithms + ", " + issuerKeys + ", issuer=" + issuer + ", audience=" + audience + "]";
        }
    }

    /**
     * A JSON Web Key Set that an issuer publishes.
     *
     * @param url of the set
     * @param refresh how often it is fetched
     * @param between least time between two fetches, also when tokens name keys that are not known
     * @param outage how long keys stay known after the issuer was last heard
     */
    public record IssuerKeys(URI url, Duration refresh, Duration between, Duration outage) {}

    @Override
    public String toString() {
        return "AccessConfig[" + writeKeys.size() + " write keys, " + tokens + "]";
    }
}
