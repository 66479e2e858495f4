package io.millrace.processor.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.identity.Sha256;
import io.millrace.processor.model.ModelRefusedException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose signature makes a model trusted. A signature (Ed25519, RFC 8032) is over the artifact's sha256 in hexadecimal, a
 * line feed and the manifest's bytes: it holds for this artifact with this manifest and no other. Thread-safe.
 *
 * @param keys any one of which will do; none: nothing need be signed
 */
public record TrustKeys(List<PublicKey> keys) {
    private static final String ALGORITHM = "Ed25519";
    private static final int RAW_BYTES = 32;

    /** What stands before the 32 bytes of a key in its X.509 form (RFC 8410). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    public TrustKeys {
        keys = List.copyOf(keys);
    }

    /**
     * Reads keys in Base64, separated by commas: their 32 bytes, or X.509 as openssl writes it.
     *
     * @throws IllegalArgumentException if one is none, saying which
     */
    public static TrustKeys parse(String text) {
        List<PublicKey> keys = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            if (!one.isBlank()) {
                keys.add(key(one.strip()));
            }
        }
        return new TrustKeys(keys);
    }

    private static PublicKey key(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length == RAW_BYTES) {
                byte[] encoded = new byte[X509_PREFIX.length + RAW_BYTES];
                System.arraycopy(X509_PREFIX, 0, encoded, 0, X509_PREFIX.length);
                System.arraycopy(bytes, 0, encoded, X509_PREFIX.length, RAW_BYTES);
                bytes = encoded;
            }
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(bytes));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "given \"" + base64 + "\", expected an Ed25519 public key in Base64: its 32 bytes, or X.509", e);
        }
    }

    /** What is signed. */
    public static byte[] message(Sha256 sha256, String manifest) {
        return (sha256.hex() + "\n" + manifest).getBytes(UTF_8);
    }

    /**
     * Returns if nothing need be signed, or one of the keys signed this.
     *
     * @param model as the sentence names it
     * @param signature in Base64, or null
     * @throws ModelRefusedException if not
     */
    void check(String model, Sha256 sha256, String manifest, @Nullable String signature) throws ModelRefusedException {
        if (keys.isEmpty()) {
            return;
        }
        if (signature == null) {
            throw new ModelRefusedException(
                    model + ": is not signed, expected an Ed25519 signature by one of models.trust-keys");
        }
        for (PublicKey key : keys) {
            if (verifies(key, message(sha256, manifest), signature)) {
                return;
            }
        }
        throw new ModelRefusedException(model + ": its signature is by none of models.trust-keys, or over other bytes");
    }

    private static boolean verifies(PublicKey key, byte[] message, String signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(Base64.getMimeDecoder().decode(signature));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            // No Base64, or not the length of a signature: as wrong as one that does not verify.
            return false;
        }
    }
}
