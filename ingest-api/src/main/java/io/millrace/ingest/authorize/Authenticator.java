package io.millrace.ingest.authorize;

import io.millrace.identity.Sha256;
import io.millrace.identity.WriteKey;
import io.millrace.ingest.outcome.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * From an Authorization header to a principal. A write key comes as the user name of HTTP Basic or as bearer, a token as
 * bearer. Verdicts are remembered, refusals apart from principals, so that a flood of bad credentials neither costs a
 * signature each nor drives out the good ones; a write key's only until the write keys change. Thread-safe.
 */
public final class Authenticator implements AutoCloseable {
    private static final int REMEMBERED = 4_096;

    /** Longer credentials are checked every time: what is remembered stays under some megabytes. */
    private static final int LONGEST_REMEMBERED = 2_048;

    /** A token may become valid, when its nbf has come. */
    private static final Duration REFUSAL_REMEMBERED = Duration.ofSeconds(10);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long ANY = -1;
    private static final Verdict GUEST = new Verdict.Known(Principal.NOBODY);

    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";
    private static final String IN_BODY = "\n";

    /** Who it is, or why nobody knows. */
    public sealed interface Verdict {
        record Known(Principal principal) implements Verdict {}

        /** @param problem 401, or 400 where there are two, or 429 or 503 where nobody can tell at this moment */
        record Unknown(Problem problem) implements Verdict {}

        /** It is being found out, away from the caller's thread; the stage never fails, and never tells Pending. */
        record Pending(CompletionStage<Verdict> verdict) implements Verdict {}
    }

    /**
     * A verdict, and how long it holds.
     *
     * @param generation of the write keys; {@link #ANY} where it does not depend on them
     */
    private record Remembered(Verdict verdict, Instant expires, long generation) {}

    private final Clock clock;
    private final WriteKeys writeKeys;
    private final TokenVerifier tokens;
    private final @Nullable SignatureChecks signatures;
    private final BoundedCache<String, Remembered> known = new BoundedCache<>(REMEMBERED);
    private final BoundedCache<String, Remembered> unknown = new BoundedCache<>(REMEMBERED);

    /**
     * Knows write keys, and tokens by secret or by an issuer's keys.
     *
     * @param issuer fetches the issuer's key set; it is asked only where the configuration names one
     */
    public static Authenticator of(AccessConfig config, WriteKeys writeKeys, KeySetFetch issuer, Clock clock) {
        return new Authenticator(
                config,
                writeKeys,
                config.tokens()
                        .issuerKeys()
                        .map(keys -> new SignatureChecks(new IssuerKeySet(keys, () -> issuer.fetch(keys.url()), clock)))
                        .orElse(null),
                clock);
    }

    private Authenticator(AccessConfig config, WriteKeys writeKeys, @Nullable SignatureChecks signatures, Clock clock) {
        this.clock = clock;
        this.writeKeys = writeKeys;
        this.tokens = new TokenVerifier(config.tokens(), clock);
        this.signatures = signatures;
    }

    /**
     * Says who it is.
     *
     * @param given each Authorization header of the request; none makes a guest, and of two nobody knows which one whoever
     *     stands before the door has looked at
     */
    public Verdict authenticate(List<String> given) {
        return given.size() > 1
                ? new Verdict.Unknown(new Problem.BadRequest(
                        "the Authorization header: given " + given.size() + " times, expected once"))
                : authenticate(given.isEmpty() ? null : given.get(0));
    }

    /** Says whose write key it is that stands in a body, where an SDK sends no header; never {@link Verdict.Pending}. */
    public Verdict authenticateWriteKey(String key) {
        // No Authorization header begins so.
        String name = IN_BODY + key;
        Remembered remembered = known.get(name);
        if (remembered == null) {
            remembered = unknown.get(name);
        }
        return remembered != null && holds(remembered)
                ? remembered.verdict()
                : writeKey(name, key, "the body's writeKey is no known write key");
    }

    /**
     * Says who it is.
     *
     * @param header the Authorization header; null makes a guest
     */
    Verdict authenticate(@Nullable String header) {
        if (header == null) {
            return GUEST;
        }
        Remembered remembered = known.get(header);
        if (remembered == null) {
            remembered = unknown.get(header);
        }
        return remembered != null && holds(remembered) ? remembered.verdict() : check(header);
    }

    private boolean holds(Remembered remembered) {
        return (remembered.generation() == ANY || remembered.generation() == writeKeys.generation())
                && clock.instant().isBefore(remembered.expires());
    }

    private Verdict check(String header) {
        if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            String user = basicUser(header.substring(BASIC.length()).trim());
            return user == null
                    ? unknown(
                            header,
                            ANY,
                            Problem.Unauthenticated.wrong("the Basic credential is no base64 of user:password"))
                    : writeKey(header, user, "the user name is no known write key");
        }
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            String bearer = header.substring(BEARER.length()).trim();
            return bearer.indexOf('.') < 0
                    ? writeKey(header, bearer, "the bearer is neither a known write key nor a token")
                    : token(header, bearer);
        }
        return unknown(
                header, ANY, Problem.Unauthenticated.wrong("the Authorization header: expected Basic or Bearer"));
    }

    private Verdict writeKey(String header, String text, String otherwise) {
        // Asked for before the key is: a change in between makes the verdict one to forget.
        long generation = writeKeys.generation();
        WriteKey key = writeKeys.find(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
        if (key == null && !writeKeys.isRead()) {
            return new Verdict.Unknown(
                    new Problem.Unavailable("the write keys have not been read from Kafka yet", RETRY_AFTER));
        }
        if (key == null || !key.enabled()) {
            return unknown(header, generation, Problem.Unauthenticated.wrong(otherwise));
        }
        Principal principal = new Principal(key.source().name(), Set.of(Role.PRODUCER), key.source(), key.rate());
        return known(header, principal, Instant.MAX, generation);
    }

    private Verdict token(String header, String token) {
        TokenVerifier.Verdict verdict = tokens.verify(token);
        if (verdict instanceof TokenVerifier.Verdict.Unsigned unsigned && signatures != null) {
            return new Verdict.Pending(signatures.check(token, unsigned).thenApply(result -> {
                if (result instanceof SignatureChecks.Result.Later later) {
                    return new Verdict.Unknown(later.problem());
                }
                return remember(header, ((SignatureChecks.Result.Checked) result).verdict());
            }));
        }
        return remember(header, verdict);
    }

    private Verdict remember(String header, TokenVerifier.Verdict verdict) {
        if (verdict instanceof TokenVerifier.Verdict.Known good) {
            return known(header, good.principal(), good.expires(), ANY);
        }
        String reason = verdict instanceof TokenVerifier.Verdict.Unknown bad
                ? bad.reason()
                : "the token's alg: no keys are configured for it";
        return unknown(header, ANY, Problem.Unauthenticated.wrong(reason));
    }

    private Verdict known(String header, Principal principal, Instant expires, long generation) {
        Verdict.Known verdict = new Verdict.Known(principal);
        if (header.length() <= LONGEST_REMEMBERED) {
            known.put(header, new Remembered(verdict, expires, generation));
        }
        return verdict;
    }

    private Verdict unknown(String header, long generation, Problem problem) {
        Verdict.Unknown verdict = new Verdict.Unknown(problem);
        if (header.length() <= LONGEST_REMEMBERED) {
            unknown.put(header, new Remembered(verdict, clock.instant().plus(REFUSAL_REMEMBERED), generation));
        }
        return verdict;
    }

    @Override
    public void close() {
        if (signatures != null) {
            signatures.close();
        }
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
