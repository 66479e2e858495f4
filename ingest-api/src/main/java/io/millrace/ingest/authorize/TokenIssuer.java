package io.millrace.ingest.authorize;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.millrace.identity.Source;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the tokens that {@link Authenticator} takes, for an installation that has no identity provider. Thread-safe. */
public final class TokenIssuer {
    private final AccessConfig.Tokens config;
    private final Clock clock;

    public TokenIssuer(AccessConfig config, Clock clock) {
        this.config = config.tokens();
        this.clock = clock;
    }

    /**
     * Makes a token, signed with HS256.
     *
     * @param source whose events its bearer posts; null for roles that post none
     * @throws IllegalStateException if the secret is shorter than 32 bytes
     */
    public String issue(String subject, Set<Role> roles, @Nullable Source source, Duration lifetime) {
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .jwtID(UUID.randomUUID().toString())
                .subject(subject)
                .issuer(config.issuer())
                .audience(config.audience())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)))
                .claim(
                        TokenVerifier.ROLES,
                        roles.stream().map(Role::text).sorted().toList());
        if (source != null) {
            claims.claim(TokenVerifier.SOURCE, source.name());
        }
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
        try {
            token.sign(new MACSigner(config.secret().getBytes(StandardCharsets.UTF_8)));
        } catch (JOSEException e) {
            throw new IllegalStateException("a token cannot be signed: the secret needs at least 32 bytes", e);
        }
        return token.serialize();
    }
}
