package io.millrace.ingest.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.WriteKey;
import io.millrace.ingest.authorize.AccessConfig.Tokens;
import io.millrace.ingest.outcome.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {
    private static final String SECRET = "a secret of at least sixty-four bytes, so that HS512 takes it as well!";
    private static final Source WEB = new Source("web");
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static final KeySetFetch NO_ISSUER = url -> {
        throw new IOException("no issuer is configured");
    };

    private final AccessConfig config = new AccessConfig(
            Map.of(Sha256.of("wk_1".getBytes(StandardCharsets.UTF_8)), WEB),
            new Tokens(
                    SECRET,
                    Set.of(TokenAlgorithm.HS256),
                    Optional.empty(),
                    "millrace",
                    "millrace",
                    Duration.ofSeconds(30)));
    private final SettableClock clock = new SettableClock(NOW);
    private final WriteKeys writeKeys = new WriteKeys(config.writeKeys());
    private final Authenticator authenticator = Authenticator.of(config, writeKeys, NO_ISSUER, clock);
    private final TokenIssuer issuer = new TokenIssuer(config, clock);

    @BeforeEach
    void readKeys() {
        writeKeys.accept(Map.of());
    }

    @Test
    void knowsNobodyForNow_whenWriteKeysAreNotReadYet() {
        Authenticator early = Authenticator.of(config, new WriteKeys(config.writeKeys()), NO_ISSUER, clock);

        assertThat(early.authenticate("Bearer wk_1")).isInstanceOf(Authenticator.Verdict.Known.class);
        assertThat(early.authenticate("Bearer wk_2"))
                .isInstanceOfSatisfying(
                        Authenticator.Verdict.Unknown.class,
                        unknown -> assertThat(unknown.problem()).isInstanceOf(Problem.Unavailable.class));
    }

    @Test
    void followsTheWriteKeys_whateverWasRemembered() {
        WriteKey key = new WriteKey(
                Sha256.of("wk_new".getBytes(StandardCharsets.UTF_8)), new Source("shop"), 5, true, NOW, "operator");
        WriteKey off = new WriteKey(key.sha256(), key.source(), 5, false, NOW, "operator");
        assertThat(reason("Bearer wk_new")).contains("neither");

        writeKeys.accept(Map.of(key.sha256(), key));
        assertThat(known("Bearer wk_new"))
                .isEqualTo(new Principal("shop", Set.of(Role.PRODUCER), new Source("shop"), 5));

        writeKeys.accept(Map.of(off.sha256(), off));
        assertThat(reason("Bearer wk_new")).contains("neither");

        writeKeys.accept(Map.of(key.sha256(), key));
        known("Bearer wk_new");
        writeKeys.accept(Map.of());
        assertThat(reason("Bearer wk_new")).contains("neither");
        assertThat(known("Bearer wk_1").name()).isEqualTo("web");
    }

    @Test
    void knowsTheSource_whenWriteKeyIsUserNameOrBearer() {
        Principal expected = new Principal("web", Set.of(Role.PRODUCER), WEB);

        assertThat(known(basic("wk_1:"))).isEqualTo(expected);
        assertThat(known(basic("wk_1:anything"))).isEqualTo(expected);
        assertThat(known("Bearer wk_1")).isEqualTo(expected);
        assertThat(known("bearer wk_1")).isEqualTo(expected);
    }

    @Test
    void knowsNobody_whenCredentialIsUnknown() {
        for (String header : List.of(
                basic("wk_2:"), basic("wk_1"), "Basic ???", "Bearer wk_2", "Bearer ", "Bearer a.b.c", "Digest x", "")) {
            assertThat(authenticator.authenticate(header)).as(header).isInstanceOf(Authenticator.Verdict.Unknown.class);
            assertThat(authenticator.authenticate(header)).as(header).isInstanceOf(Authenticator.Verdict.Unknown.class);
        }
        assertThat(known(null)).isEqualTo(Principal.NOBODY);
    }

    @Test
    void knowsRolesAndSource_whenTokenIsOurs() {
        String token = issuer.issue("alice", Set.of(Role.ANALYST, Role.PRODUCER), WEB, Duration.ofHours(1));

        Principal principal = known("Bearer " + token);

        assertThat(principal.name()).isEqualTo("alice");
        assertThat(principal.roles()).containsExactlyInAnyOrder(Role.GUEST, Role.ANALYST, Role.PRODUCER);
        assertThat(principal.source()).isEqualTo(WEB);
    }

    @Test
    void forgetsAToken_whenItsTimeIsUp() {
        String header = "Bearer " + issuer.issue("alice", Set.of(Role.ANALYST), null, Duration.ofHours(1));
        known(header);

        clock.set(NOW.plus(Duration.ofHours(1)).plusSeconds(29));
        known(header);
        clock.set(NOW.plus(Duration.ofHours(1)).plusSeconds(30));

        assertThat(reason(header)).contains("exp");
    }

    @Test
    void takesAToken_whenItsTimeHasCome() throws Exception {
        String header =
                "Bearer " + signed(claims().notBeforeTime(Date.from(NOW.plusSeconds(60))), JWSAlgorithm.HS256, SECRET);
        assertThat(reason(header)).contains("nbf");

        clock.set(NOW.plusSeconds(40));

        assertThat(known(header).name()).isEqualTo("alice");
    }

    @Test
    void refuses_whenATokenIsNotAsAgreed() throws Exception {
        assertThat(reason("Bearer " + signed(claims().issuer("other"), JWSAlgorithm.HS256, SECRET)))
                .contains("iss");
        assertThat(reason("Bearer " + signed(claims().audience("other"), JWSAlgorithm.HS256, SECRET)))
                .contains("aud");
        assertThat(reason("Bearer " + signed(claims().expirationTime(null), JWSAlgorithm.HS256, SECRET)))
                .contains("exp");
        assertThat(reason("Bearer " + signed(claims().subject(null), JWSAlgorithm.HS256, SECRET)))
                .contains("sub");
        assertThat(reason("Bearer " + signed(claims().claim("source", "No Source"), JWSAlgorithm.HS256, SECRET)))
                .contains("source");
        assertThat(reason("Bearer " + signed(claims(), JWSAlgorithm.HS512, SECRET)))
                .contains("alg");
        assertThat(reason("Bearer " + signed(claims(), JWSAlgorithm.HS256, SECRET.replace('a', 'b'))))
                .contains("signature");
        assertThat(reason("Bearer " + new PlainJWT(claims().build()).serialize()))
                .contains("neither");
    }

    @Test
    void takesNoToken_whenNoSecretIsConfigured() {
        Tokens none = new Tokens("", Set.of(), Optional.empty(), "millrace", "millrace", Duration.ZERO);
        Authenticator without =
                Authenticator.of(new AccessConfig(Map.of(), none), new WriteKeys(Map.of()), NO_ISSUER, clock);

        assertThat(without.authenticate(
                        "Bearer " + issuer.issue("alice", Set.of(Role.ADMIN), null, Duration.ofHours(1))))
                .isInstanceOf(Authenticator.Verdict.Unknown.class);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .subject("alice")
                .issuer("millrace")
                .audience("millrace")
                .claim("roles", List.of("analyst", "somebody-elses-role"))
                .expirationTime(Date.from(NOW.plusSeconds(3_600)));
    }

    private static String signed(JWTClaimsSet.Builder claims, JWSAlgorithm algorithm, String secret) throws Exception {
        SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims.build());
        token.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
        return token.serialize();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private Principal known(@org.jspecify.annotations.Nullable String header) {
        Authenticator.Verdict verdict = authenticator.authenticate(header);
        assertThat(verdict).isInstanceOf(Authenticator.Verdict.Known.class);
        return ((Authenticator.Verdict.Known) verdict).principal();
    }

    private String reason(String header) {
        Authenticator.Verdict verdict = authenticator.authenticate(header);
        assertThat(verdict).isInstanceOf(Authenticator.Verdict.Unknown.class);
        return ((Authenticator.Verdict.Unknown) verdict).problem().detail();
    }
}
