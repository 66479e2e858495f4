package io.millrace.ingest.authorize;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.millrace.identity.Source;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks one JSON Web Token (RFC 7519): HS256 and nothing else, whatever its header asks for. Thread-safe. */
final class TokenVerifier {
    static final String ROLES = "roles";
    static final String SOURCE = "source";

    /** What a token turned out to be. */
    sealed interface Verdict {
        record Known(Principal principal, Instant expires) implements Verdict {}

        /** The sentence never quotes the token. */
        record Unknown(String reason) implements Verdict {}
    }

    private final AccessConfig config;
    private final Clock clock;
    private final @Nullable JWSVerifier signature;

    TokenVerifier(AccessConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        try {
            signature = config.jwtSecret().isEmpty()
                    ? null
                    : new MACVerifier(config.jwtSecret().getBytes(StandardCharsets.UTF_8));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the secret for tokens: expected at least 32 bytes", e);
        }
    }

    Verdict verify(String token) {
        if (signature == null) {
            return new Verdict.Unknown("no tokens are taken here: no secret is configured");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm())) {
                return new Verdict.Unknown("the token's alg: expected HS256");
            }
            if (!jwt.verify(signature)) {
                return new Verdict.Unknown("the token's signature is not this issuer's");
            }
            return check(jwt.getJWTClaimsSet());
        } catch (ParseException | JOSEException e) {
            return new Verdict.Unknown("the bearer is neither a known write key nor a readable token");
        }
    }

    private Verdict check(JWTClaimsSet claims) throws ParseException {
        Instant now = clock.instant();
        Date expires = claims.getExpirationTime();
        if (expires == null || !now.isBefore(expires.toInstant().plus(config.leeway()))) {
            return new Verdict.Unknown("the token's exp: expected a time to come");
        }
        Date notBefore = claims.getNotBeforeTime();
        if (notBefore != null && now.isBefore(notBefore.toInstant().minus(config.leeway()))) {
            return new Verdict.Unknown("the token's nbf: expected a time gone by");
        }
        if (!config.issuer().equals(claims.getIssuer())) {
            return new Verdict.Unknown("the token's iss: expected this installation's issuer");
        }
        if (!claims.getAudience().contains(config.audience())) {
            return new Verdict.Unknown("the token's aud: expected this installation's audience");
        }
        String subject = claims.getSubject();
        if (subject == null || subject.isEmpty()) {
            return new Verdict.Unknown("the token's sub: expected a name");
        }
        String source = claims.getStringClaim(SOURCE);
        if (source != null && !Source.isValid(source)) {
            return new Verdict.Unknown("the token's source: expected the name of a source");
        }
        Principal principal = new Principal(subject, roles(claims), source == null ? null : new Source(source));
        return new Verdict.Known(principal, expires.toInstant().plus(config.leeway()));
    }

    /** Roles that are not ours are another system's: they give nothing. */
    private static Set<Role> roles(JWTClaimsSet claims) throws ParseException {
        Set<Role> roles = EnumSet.of(Role.GUEST);
        List<String> given = claims.getStringListClaim(ROLES);
        if (given != null) {
            given.forEach(role -> Role.parse(role).ifPresent(roles::add));
        }
        return roles;
    }
}
