package io.millrace.ingest.authorize;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One public key of an issuer. Thread-safe. */
final class IssuerKey {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKey.class);
    private static final int LEAST_RSA_BITS = 2_048;
    /** A set is an issuer's few keys; without this, a set that someone else wrote costs as much as it likes. */
    private static final int MOST_KEYS = 64;

    private final JWK key;
    private final TokenAlgorithm.Family family;
    private final JWSVerifier verifier;

    private IssuerKey(JWK key, TokenAlgorithm.Family family, JWSVerifier verifier) {
        this.key = key;
        this.family = family;
        this.verifier = verifier;
    }

    /**
     * Reads a JSON Web Key Set (RFC 7517). Keys for encryption and kinds that nobody here can use are passed over.
     *
     * @throws ParseException if it is none
     */
    static List<IssuerKey> parse(byte[] set) throws ParseException {
        List<IssuerKey> keys = new ArrayList<>();
        for (JWK key : JWKSet.parse(new String(set, StandardCharsets.UTF_8)).getKeys()) {
            if (keys.size() < MOST_KEYS && !KeyUse.ENCRYPTION.equals(key.getKeyUse())) {
                IssuerKey usable = of(key);
                if (usable != null) {
                    keys.add(usable);
                }
            }
        }
        return List.copyOf(keys);
    }

    private static @Nullable IssuerKey of(JWK key) {
        try {
            if (key instanceof RSAKey rsa && rsa.size() >= LEAST_RSA_BITS) {
                return new IssuerKey(key, TokenAlgorithm.Family.RSA, new RSASSAVerifier(rsa));
            } else if (key instanceof ECKey ec) {
                return new IssuerKey(key, TokenAlgorithm.Family.EC, new ECDSAVerifier(ec));
            } else if (key instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve())) {
                return new IssuerKey(
                        key, TokenAlgorithm.Family.EDWARDS, new Ed25519SignatureVerifier(pair.getDecodedX()));
            }
            LOG.atDebug().addKeyValue("kid", key.getKeyID()).log("A key of the issuer is of no use here");
        } catch (JOSEException | GeneralSecurityException e) {
            LOG.atWarn()
                    .addKeyValue("kid", key.getKeyID())
                    .addKeyValue("reason", e.getMessage())
                    .log("A key of the issuer cannot be used");
        }
        return null;
    }

    /** Whether a token with this header may be this key's. */
    boolean mayHaveSigned(JWSHeader header, TokenAlgorithm algorithm) {
        return algorithm.family() == family
                && verifier.supportedJWSAlgorithms().contains(algorithm.jws())
                && (header.getKeyID() == null || header.getKeyID().equals(key.getKeyID()))
                && (key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm.jws()));
    }

    JWSVerifier verifier() {
        return verifier;
    }
}
