package io.millrace.standalone.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.codec.DecodeException;
import io.millrace.codec.ManifestCodec;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import io.millrace.processor.registry.Candidate;
import io.millrace.processor.registry.TrustKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A model's directory, to be pushed or signed.
 *
 * @param model name and version
 * @param manifest as it is in the file
 * @param artifact file
 * @param bytes of the artifact
 * @param signature in Base64, or null
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
public record ModelFolder(
        ModelVersion model,
        byte[] manifest,
        Path artifact,
        long bytes,
        @Nullable String signature) {
    /**
     * Reads a directory, but for the artifact's bytes.
     *
     * @throws ModelsFailedException with one sentence if it is no model's
     */
    public static ModelFolder read(Path directory) throws ModelsFailedException, IOException {
        Path file = directory.resolve(Manifest.FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new ModelsFailedException(directory + " has no " + Manifest.FILE_NAME);
        }
        byte[] yaml = Files.readAllBytes(file);
        Manifest manifest;
        try {
            manifest = ManifestCodec.read(yaml);
        } catch (DecodeException e) {
            throw new ModelsFailedException(file + ": " + e.getMessage(), e);
        }
        Path artifact = directory.resolve(manifest.artifact());
        if (!Files.isRegularFile(artifact)) {
            throw new ModelsFailedException(artifact + ", which " + file + " names, is missing");
        }
        Path signature = directory.resolve(Candidate.SIGNATURE_FILE);
        return new ModelFolder(
                manifest.model(),
                yaml,
                artifact,
                Files.size(artifact),
                Files.exists(signature) ? Files.readString(signature).strip() : null);
    }

    InputStream open() {
        try {
            return Files.newInputStream(artifact);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Signs the model: writes model.sig beside the manifest.
     *
     * @param key an Ed25519 private key, PKCS #8 in PEM, as {@code openssl genpkey -algorithm ed25519} makes it
     * @return the file
     */
    public Path sign(Path key) throws ModelsFailedException, IOException {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(privateKey(Files.readString(key)));
            signer.update(TrustKeys.message(Sha256.of(Files.readAllBytes(artifact)), new String(manifest, UTF_8)));
            Path file = artifact.resolveSibling(Candidate.SIGNATURE_FILE);
            Files.writeString(file, Base64.getEncoder().encodeToString(signer.sign()) + "\n");
            return file;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new ModelsFailedException(
                    key + " is no Ed25519 private key, expected PKCS #8 in PEM: openssl genpkey -algorithm ed25519", e);
        }
    }

    private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
