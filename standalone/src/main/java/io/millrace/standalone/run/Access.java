package io.millrace.standalone.run;

import io.millrace.config.Settings;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.ingest.IngestKeys;
import io.millrace.ingest.authorize.AccessConfig;
import io.millrace.ingest.authorize.Role;
import io.millrace.ingest.authorize.TokenIssuer;
import io.millrace.standalone.data.Credentials;
import io.millrace.standalone.data.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may enter a standalone Millrace: whoever the user configured, and the credentials that it makes itself. */
record Access(String writeKeys, String jwtSecret) {
    private static final Source SOURCE = new Source("default");

    static Access of(Settings given, Secrets secrets) {
        Map<Sha256, Source> keys = new LinkedHashMap<>(given.get(IngestKeys.WRITE_KEYS));
        keys.put(Sha256.of(secrets.writeKey().getBytes(StandardCharsets.UTF_8)), SOURCE);
        String text = keys.entrySet().stream()
                .map(entry -> entry.getValue().name() + "=" + entry.getKey().hex())
                .collect(Collectors.joining(","));
        String secret = given.get(IngestKeys.JWT_SECRET);
        return new Access(text, secret.isEmpty() ? secrets.signingSecret() : secret);
    }

    /** As settings of ingest-api. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put(IngestKeys.WRITE_KEYS.path(), writeKeys);
        settings.put(IngestKeys.JWT_SECRET.path(), jwtSecret);
        return settings;
    }

    /** A token for each role; those of earlier starts stay valid for their lifetime. */
    static Credentials.Tokens tokens(AccessConfig config, Duration lifetime) {
        TokenIssuer issuer = new TokenIssuer(config, Clock.systemUTC());
        return new Credentials.Tokens(
                issuer.issue("producer", Set.of(Role.PRODUCER), SOURCE, lifetime),
                issuer.issue("analyst", Set.of(Role.ANALYST), null, lifetime),
                issuer.issue("operator", Set.of(Role.OPERATOR), SOURCE, lifetime));
    }

    @Override
    public String toString() {
        return "Access[…]";
    }
}
