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

/**
 * Checks one JSON Web Token (RFC 7519). Which signatures are taken is configured and never the token's choice (RFC 8725):
 * one by secret is checked with the secret, one by key with keys that the issuer published for it. Thread-safe.
 */
final class TokenVerifier {
    static final String ROLES = "roles";
    static final String SOURCE = "source";

    /** What a token turned out to be. */
    sealed interface Verdict {
        record Known(Principal principal, Instant expires) implements Verdict {}

        /** The sentence never quotes the token. */
        record Unknown(String reason) implements Verdict {}

        /** All is well but for the signature, whose check costs too much for an event loop. */
        record Unsigned(SignedJWT token, TokenAlgorithm algorithm, Known otherwise) implements Verdict {}
    }

    private final AccessConfig.Tokens config;
    private final Clock clock;
    private final @Nullable JWSVerifier secret;

    TokenVerifier(AccessConfig.Tokens config, Clock clock) {
        this.config = config;
        this.clock = clock;
        try {
            secret = config.secret().isEmpty()
                    ? null
                    : new MACVerifier(config.secret().getBytes(StandardCharsets.UTF_8));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the secret for tokens: expected at least 32 bytes", e);
        }
    }

    /** Checks everything that is cheap, in the order of what it costs. */
    Verdict verify(String token) {
        if (config.algorithms().isEmpty()) {
            return new Verdict.Unknown(
                    "no tokens are taken here: neither a secret nor an issuer's keys are configured");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            TokenAlgorithm algorithm = pinned(jwt.getHeader().getAlgorithm());
            if (algorithm == null) {
                return new Verdict.Unknown("the token's alg: expected one of " + config.algorithms());
            }
            Verdict claimed = check(jwt.getJWTClaimsSet());
            if (!(claimed instanceof Verdict.Known known)) {
                return claimed;
            }
            if (!algorithm.isBySecret()) {
                return new Verdict.Unsigned(jwt, algorithm, known);
            }
            return secret != null && jwt.verify(secret) ? known : forged();
        } catch (ParseException | JOSEException e) {
            return new Verdict.Unknown("the bearer is neither a known write key nor a readable token");
        }
    }

    /** Checks a signature with one of these keys; takes its time. */
    static Verdict verify(Verdict.Unsigned unsigned, List<IssuerKey> keys) {
        try {
            for (IssuerKey key : keys) {
                if (unsigned.token().verify(key.verifier())) {
                    return unsigned.otherwise();
                }
            }
            return forged();
        } catch (JOSEException e) {
            return forged();
        }
    }

    private static Verdict.Unknown forged() {
        return new Verdict.Unknown("the token's signature is not this issuer's");
    }

    private @Nullable TokenAlgorithm pinned(JWSAlgorithm asked) {
        for (TokenAlgorithm algorithm : config.algorithms()) {
            if (algorithm.jws().equals(asked)) {
                return algorithm;
            }
        }
        return null;
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
