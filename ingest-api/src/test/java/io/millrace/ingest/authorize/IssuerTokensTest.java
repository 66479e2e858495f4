package io.millrace.ingest.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.millrace.ingest.authorize.AccessConfig.IssuerKeys;
import io.millrace.ingest.authorize.AccessConfig.Tokens;
import io.millrace.ingest.outcome.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens that an issuer signs with keys of its own. */
class IssuerTokensTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final String SECRET = "a secret of at least sixty-four bytes, so that HS512 takes it as well!";

    private static RSAKey rsa;
    private static RSAKey nextRsa;
    private static ECKey ec;

    private final SettableClock clock = new SettableClock(NOW);
    private final AtomicInteger fetches = new AtomicInteger();
    private final List<Authenticator> opened = new ArrayList<>();
    private volatile String published = "";

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = new RSAKeyGenerator(2_048).keyID("rsa-1").generate();
        nextRsa = new RSAKeyGenerator(2_048).keyID("rsa-2").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
    }

    @AfterEach
    void close() {
        opened.forEach(Authenticator::close);
    }

    @Test
    void knowsWhoTheIssuerKnows_byEveryKindOfKey() throws Exception {
        publish(rsa, ec);
        Authenticator authenticator = authenticator("", TokenAlgorithm.values());

        for (JWSAlgorithm algorithm : List.of(
                JWSAlgorithm.RS256,
                JWSAlgorithm.RS384,
                JWSAlgorithm.RS512,
                JWSAlgorithm.PS256,
                JWSAlgorithm.PS384,
                JWSAlgorithm.PS512)) {
            assertKnown(authenticator, signed(algorithm, "rsa-1", new RSASSASigner(rsa)));
        }
        assertKnown(authenticator, signed(JWSAlgorithm.ES256, "ec-1", new ECDSASigner(ec)));
        assertKnown(authenticator, signed(JWSAlgorithm.ES256, null, new ECDSASigner(ec)));
    }

    @Test
    void knowsEd25519() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        EdECPublicKey key = (EdECPublicKey) pair.getPublic();
        byte[] x = new byte[32];
        byte[] y = key.getPoint().getY().toByteArray();
        for (int i = 0; i < y.length && i < 32; i++) {
            x[i] = y[y.length - 1 - i];
        }
        if (key.getPoint().isXOdd()) {
            x[31] |= (byte) 0x80;
        }
        publish(new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x))
                .keyID("ed")
                .build());
        Authenticator authenticator = authenticator("", TokenAlgorithm.EDDSA);
        String input = Base64URL.encode("{\"alg\":\"EdDSA\",\"kid\":\"ed\"}") + "."
                + Base64URL.encode(claims().build().toString());
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(input.getBytes(StandardCharsets.US_ASCII));
        byte[] good = signature.sign();
        byte[] bad = good.clone();
        bad[3] ^= 1;

        assertKnown(authenticator, input + "." + Base64URL.encode(good));
        assertThat(reason(authenticator, input + "." + Base64URL.encode(bad))).contains("signature");
    }

    @Test
    void neverChecksASecretsSignatureWithAPublicKey() throws Exception {
        publish(rsa);
        byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(rsa.toPublicKey().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
        String confused = signed(JWSAlgorithm.HS256, "rsa-1", new MACSigner(pem));

        assertThat(reason(authenticator("", TokenAlgorithm.RS256), confused)).contains("alg");
        assertThat(reason(authenticator(SECRET, TokenAlgorithm.RS256, TokenAlgorithm.HS256), confused))
                .contains("signature");
        assertThat(reason(
                        authenticator("", TokenAlgorithm.RS256),
                        signed(JWSAlgorithm.RS512, "rsa-1", new RSASSASigner(rsa))))
                .contains("alg");
        assertThat(reason(
                        authenticator("", TokenAlgorithm.RS256),
                        Base64URL.encode("{\"alg\":\"none\"}") + "."
                                + Base64URL.encode(claims().build().toString()) + "."))
                .isNotEmpty();
    }

    @Test
    void asksTheIssuerOnce_howeverManyTokensNameKeysThatNobodyKnows() throws Exception {
        publish(rsa);
        Authenticator authenticator = authenticator("", TokenAlgorithm.RS256);
        assertKnown(authenticator, signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(rsa)));
        int before = fetches.get();

        for (int i = 0; i < 200; i++) {
            assertThat(reason(authenticator, signed(JWSAlgorithm.RS256, "made-up-" + i, new RSASSASigner(nextRsa))))
                    .contains("kid");
        }

        assertThat(fetches.get() - before).isLessThanOrEqualTo(1);
    }

    @Test
    void takesTheNewKey_whenTheIssuerHasChangedIt() throws Exception {
        publish(rsa);
        Authenticator authenticator = authenticator("", TokenAlgorithm.RS256);
        assertKnown(authenticator, signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(rsa)));

        publish(nextRsa);
        clock.set(NOW.plusSeconds(31));

        assertKnown(authenticator, signed(JWSAlgorithm.RS256, "rsa-2", new RSASSASigner(nextRsa)));
        assertThat(reason(authenticator, signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(rsa), "bob")))
                .contains("kid");
    }

    @Test
    void keepsKeysForAWhile_whenTheIssuerIsAway() throws Exception {
        publish(rsa);
        Authenticator authenticator = authenticator("", TokenAlgorithm.RS256);
        assertKnown(authenticator, signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(rsa)));
        published = "";

        clock.set(NOW.plus(Duration.ofMinutes(59)));
        assertKnown(authenticator, signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(rsa), "bob"));

        clock.set(NOW.plus(Duration.ofMinutes(61)));
        assertThat(problem(authenticator, signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(rsa), "carol")))
                .isInstanceOf(Problem.Unavailable.class);
    }

    @Test
    void turnsAway_whenMoreForgedTokensComeThanCanBeChecked() throws Exception {
        publish(ec);
        Authenticator authenticator = authenticator("", TokenAlgorithm.ES256);
        String good = signed(JWSAlgorithm.ES256, "ec-1", new ECDSASigner(ec));
        assertKnown(authenticator, good);
        String forged = good.substring(0, good.lastIndexOf('.') + 1);

        List<Authenticator.Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            byte[] signature = new byte[64];
            signature[0] = (byte) (i >> 8);
            signature[1] = (byte) (i | 1);
            signature[40] = (byte) i;
            verdicts.add(authenticator.authenticate("Bearer " + forged + Base64URL.encode(signature)));
            // Who is known stays known meanwhile, at once.
            assertThat(authenticator.authenticate("Bearer " + good)).isInstanceOf(Authenticator.Verdict.Known.class);
        }

        List<Problem> problems = new ArrayList<>();
        for (Authenticator.Verdict verdict : verdicts) {
            problems.add(((Authenticator.Verdict.Unknown) settled(verdict)).problem());
        }
        assertThat(problems).hasSize(3_000);
        assertThat(problems)
                .allSatisfy(problem ->
                        assertThat(problem).isInstanceOfAny(Problem.Unauthenticated.class, Problem.Overloaded.class));
        assertThat(problems).hasAtLeastOneElementOfType(Problem.Overloaded.class);
    }

    private void publish(JWK... keys) {
        published = new JWKSet(List.of(keys)).toString();
    }

    private Authenticator authenticator(String secret, TokenAlgorithm... algorithms) {
        Authenticator authenticator = Authenticator.of(
                new AccessConfig(
                        Map.of(),
                        new Tokens(
                                secret,
                                Set.of(algorithms),
                                Optional.of(new IssuerKeys(
                                        URI.create("https://issuer.example/keys"),
                                        Duration.ofHours(1),
                                        Duration.ofSeconds(30),
                                        Duration.ofHours(1))),
                                "https://issuer.example",
                                "millrace",
                                Duration.ofSeconds(30))),
                new WriteKeys(Map.of()),
                url -> {
                    fetches.incrementAndGet();
                    if (published.isEmpty()) {
                        throw new IOException("away");
                    }
                    return published.getBytes(StandardCharsets.UTF_8);
                },
                clock);
        opened.add(authenticator);
        return authenticator;
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .subject("alice")
                .issuer("https://issuer.example")
                .audience("millrace")
                .claim("roles", List.of("analyst"))
                .expirationTime(Date.from(NOW.plus(Duration.ofHours(3))));
    }

    private static String signed(
            JWSAlgorithm algorithm, @org.jspecify.annotations.Nullable String kid, JWSSigner signer) throws Exception {
        return signed(algorithm, kid, signer, "alice");
    }

    private static String signed(
            JWSAlgorithm algorithm, @org.jspecify.annotations.Nullable String kid, JWSSigner signer, String subject)
            throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .type(JOSEObjectType.JWT)
                        .keyID(kid)
                        .build(),
                claims().subject(subject).build());
        token.sign(signer);
        return token.serialize();
    }

    private static void assertKnown(Authenticator authenticator, String token) throws Exception {
        assertThat(settled(authenticator.authenticate("Bearer " + token)))
                .isInstanceOfSatisfying(
                        Authenticator.Verdict.Known.class,
                        known -> assertThat(known.principal().roles()).contains(Role.ANALYST));
        assertThat(authenticator.authenticate("Bearer " + token)).isInstanceOf(Authenticator.Verdict.Known.class);
    }

    private static String reason(Authenticator authenticator, String token) throws Exception {
        return problem(authenticator, token).detail();
    }

    private static Problem problem(Authenticator authenticator, String token) throws Exception {
        Authenticator.Verdict verdict = settled(authenticator.authenticate("Bearer " + token));
        assertThat(verdict).isInstanceOf(Authenticator.Verdict.Unknown.class);
        return ((Authenticator.Verdict.Unknown) verdict).problem();
    }

    private static Authenticator.Verdict settled(Authenticator.Verdict verdict) throws Exception {
        return verdict instanceof Authenticator.Verdict.Pending pending
                ? pending.verdict().toCompletableFuture().get(60, TimeUnit.SECONDS)
                : verdict;
    }
}
