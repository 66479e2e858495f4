package io.millrace.ingest.authorize;

import com.nimbusds.jose.JWSAlgorithm;

/** The signatures that a token may have (RFC 7518, RFC 8037); {@code none} is not among them. */
public enum TokenAlgorithm {
    HS256(Family.SECRET, "HS256", 32),
    HS384(Family.SECRET, "HS384", 48),
    HS512(Family.SECRET, "HS512", 64),
    RS256(Family.RSA, "RS256", 0),
    RS384(Family.RSA, "RS384", 0),
    RS512(Family.RSA, "RS512", 0),
    PS256(Family.RSA, "PS256", 0),
    PS384(Family.RSA, "PS384", 0),
    PS512(Family.RSA, "PS512", 0),
    ES256(Family.EC, "ES256", 0),
    ES384(Family.EC, "ES384", 0),
    ES512(Family.EC, "ES512", 0),
    EDDSA(Family.EDWARDS, "EdDSA", 0);

    /** What kind of key checks it; a key of one family never checks another's signature. */
    enum Family {
        SECRET,
        RSA,
        EC,
        EDWARDS
    }

    private final Family family;
    private final String jws;
    private final int leastSecret;

    TokenAlgorithm(Family family, String jws, int leastSecret) {
        this.family = family;
        this.jws = jws;
        this.leastSecret = leastSecret;
    }

    Family family() {
        return family;
    }

    JWSAlgorithm jws() {
        return JWSAlgorithm.parse(jws);
    }

    /** Whether a secret that we share with the issuer checks it, and not a key that the issuer publishes. */
    public boolean isBySecret() {
        return family == Family.SECRET;
    }

    /** Bytes that its secret has at least (RFC 7518, 3.2). */
    public int leastSecret() {
        return leastSecret;
    }
}
