package io.millrace.ingest.authorize;

import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.ingest.outcome.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From an Authorization header to a principal. A write key comes as the user name of HTTP Basic or as bearer, a token as
 * bearer. Verdicts are remembered, refusals apart from principals, so that a flood of bad credentials neither costs a
 * signature each nor drives out the good ones. Thread-safe.
 */
public final class Authenticator {
    private static final int REMEMBERED = 4_096;

    /** Longer credentials are checked every time: what is remembered stays under some megabytes. */
    private static final int LONGEST_REMEMBERED = 2_048;

    /** A token may become valid, when its nbf has come. */
    private static final Duration REFUSAL_REMEMBERED = Duration.ofSeconds(10);

    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";

    /** Who it is, or why nobody knows. */
    public sealed interface Verdict {
        record Known(Principal principal) implements Verdict {}

        record Unknown(Problem.Unauthenticated problem) implements Verdict {}
    }

    private record Remembered(Verdict verdict, Instant expires) {}

    private final AccessConfig config;
    private final Clock clock;
    private final TokenVerifier tokens;
    private final BoundedCache<String, Remembered> known = new BoundedCache<>(REMEMBERED);
    private final BoundedCache<String, Remembered> unknown = new BoundedCache<>(REMEMBERED);

    public Authenticator(AccessConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.tokens = new TokenVerifier(config, clock);
    }

    /**
     * Says who it is.
     *
     * @param header the Authorization header; null makes a guest
     */
    public Verdict authenticate(@Nullable String header) {
        if (header == null) {
            return new Verdict.Known(Principal.NOBODY);
        }
        Remembered remembered = known.get(header);
        if (remembered == null) {
            remembered = unknown.get(header);
        }
        return remembered != null && clock.instant().isBefore(remembered.expires())
                ? remembered.verdict()
                : check(header);
    }

    private Verdict check(String header) {
        if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            String user = basicUser(header.substring(BASIC.length()).trim());
            return user == null
                    ? unknown(header, "the Basic credential is no base64 of user:password")
                    : writeKey(header, user, "the user name is no known write key");
        }
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            String bearer = header.substring(BEARER.length()).trim();
            return bearer.indexOf('.') < 0
                    ? writeKey(header, bearer, "the bearer is neither a known write key nor a token")
                    : token(header, bearer);
        }
        return unknown(header, "the Authorization header: expected Basic or Bearer");
    }

    private Verdict writeKey(String header, String key, String otherwise) {
        Source source = config.writeKeys().get(Sha256.of(key.getBytes(StandardCharsets.UTF_8)));
        if (source == null) {
            return unknown(header, otherwise);
        }
        Principal principal = new Principal(source.name(), Set.of(Role.PRODUCER), source);
        return known(header, principal, Instant.MAX);
    }

    private Verdict token(String header, String token) {
        TokenVerifier.Verdict verdict = tokens.verify(token);
        if (verdict instanceof TokenVerifier.Verdict.Known good) {
            return known(header, good.principal(), good.expires());
        }
        return unknown(header, ((TokenVerifier.Verdict.Unknown) verdict).reason());
    }

    private Verdict known(String header, Principal principal, Instant expires) {
        Verdict.Known verdict = new Verdict.Known(principal);
        if (header.length() <= LONGEST_REMEMBERED) {
            known.put(header, new Remembered(verdict, expires));
        }
        return verdict;
    }

    private Verdict unknown(String header, String reason) {
        Verdict.Unknown verdict = new Verdict.Unknown(new Problem.Unauthenticated(reason));
        if (header.length() <= LONGEST_REMEMBERED) {
            unknown.put(header, new Remembered(verdict, clock.instant().plus(REFUSAL_REMEMBERED)));
        }
        return verdict;
    }

    /** Null where it is no Basic credential (RFC 7617). */
    private static @Nullable String basicUser(String credential) {
        try {
            String pair = new String(Base64.getDecoder().decode(credential), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? null : pair.substring(0, colon);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
