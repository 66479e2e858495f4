package io.millrace.ingest.receive;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate and its key as they were read: proven to be a pair, because a server with halves of two would start and
 * then refuse every handshake. Immutable.
 */
final class Certificate {
    private static final byte[] PROOF = {'m', 'i', 'l', 'l', 'r', 'a', 'c', 'e'};
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA");

    private final byte[] chain;
    private final byte[] key;
    private final X509Certificate leaf;

    private Certificate(byte[] chain, byte[] key, X509Certificate leaf) {
        this.chain = chain;
        this.key = key;
        this.leaf = leaf;
    }

    /**
     * Reads both files. Blocks.
     *
     * @throws UnusableCertificateException if they are not there, not PEM, or not a pair
     */
    static Certificate read(Vertx vertx, Tls tls) {
        byte[] chain = bytes(tls.certificate());
        byte[] key = bytes(tls.key());
        return new Certificate(chain, key, prove(vertx, tls, options(chain, key)));
    }

    PemKeyCertOptions options() {
        return options(chain, key);
    }

    Instant expires() {
        return leaf.getNotAfter().toInstant();
    }

    String subject() {
        return leaf.getSubjectX500Principal().getName();
    }

    boolean isSame(Certificate other) {
        return Arrays.equals(chain, other.chain) && Arrays.equals(key, other.key);
    }

    private static PemKeyCertOptions options(byte[] chain, byte[] key) {
        return new PemKeyCertOptions().addCertValue(Buffer.buffer(chain)).addKeyValue(Buffer.buffer(key));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnusableCertificateException(file + ": given no readable file, expected PEM", e);
        }
    }

    private static X509Certificate prove(Vertx vertx, Tls tls, PemKeyCertOptions options) {
        String pair = tls.certificate() + " and " + tls.key();
        boolean isPair;
        X509Certificate leaf;
        try {
            X509KeyManager manager =
                    (X509KeyManager) options.getKeyManagerFactory(vertx).getKeyManagers()[0];
            String alias = KEY_TYPES.stream()
                    .map(type -> manager.getServerAliases(type, null))
                    .filter(Objects::nonNull)
                    .flatMap(Arrays::stream)
                    .findFirst()
                    .orElseThrow(() -> new GeneralSecurityException("a key of another kind than " + KEY_TYPES));
            leaf = manager.getCertificateChain(alias)[0];
            isPair = isPair(manager.getPrivateKey(alias), leaf);
        } catch (Exception e) {
            throw new UnusableCertificateException(
                    pair + ": expected a certificate and its unencrypted key, in PEM", e);
        }
        if (!isPair) {
            throw new UnusableCertificateException(pair + ": the key is another certificate's", null);
        }
        return leaf;
    }

    private static boolean isPair(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                });
        signature.initSign(key);
        signature.update(PROOF);
        byte[] proof = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(PROOF);
        return signature.verify(proof);
    }
}
