package io.millrace.standalone.bench;

import io.millrace.ingest.authorize.AccessConfig;
import io.millrace.ingest.authorize.Role;
import io.millrace.ingest.authorize.TokenAlgorithm;
import io.millrace.ingest.authorize.TokenIssuer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who asks the doors of a benchmark, which run on loopback for as long as it does. */
final class Analyst {
    static final String SECRET = "of a benchmark, for as long as it runs";
    private static final String MILLRACE = "millrace";

    private Analyst() {}

    static String token() {
        AccessConfig.Tokens tokens = new AccessConfig.Tokens(
                SECRET, Set.of(TokenAlgorithm.HS256), Optional.empty(), MILLRACE, MILLRACE, Duration.ofSeconds(30));
        return new TokenIssuer(new AccessConfig(Map.of(), tokens), Clock.systemUTC())
                .issue("bench", Set.of(Role.ANALYST), null, Duration.ofDays(1));
    }
}
