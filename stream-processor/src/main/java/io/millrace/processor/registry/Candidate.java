package io.millrace.processor.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.model.Manifest;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A version that somebody wants registered.
 *
 * @param files its manifest and artifact, which fit each other
 * @param yaml the manifest, character by character
 * @param signature in Base64, or null
 */
public record Candidate(
        ModelFiles files, String yaml, @Nullable String signature) {
    /** The largest manifest, so that its record is one that the topic takes. */
    public static final int LARGEST_MANIFEST = 512 << 10;

    /** Beside the manifest, where a model's directory is signed. */
    public static final String SIGNATURE_FILE = "model.sig";

    /**
     * Puts what was uploaded together.
     *
     * @throws ModelRefusedException if the manifest is none, or the artifact is not what it says
     */
    public static Candidate of(byte[] manifest, byte[] artifact, @Nullable String signature)
            throws ModelRefusedException {
        if (manifest.length > LARGEST_MANIFEST) {
            throw new ModelRefusedException(Manifest.FILE_NAME + " is too big: " + manifest.length
                    + " bytes, expected at most " + LARGEST_MANIFEST);
        }
        ModelFiles files = ModelFiles.of(ModelFiles.manifest(manifest, Manifest.FILE_NAME), artifact);
        return new Candidate(files, new String(manifest, UTF_8), signature);
    }

    /** Reads a model's directory, with the signature where there is one. */
    static Candidate read(Path directory, ModelLimits limits) throws ModelRefusedException, IOException {
        ModelFiles files = ModelFiles.read(directory, limits);
        Path signature = directory.resolve(SIGNATURE_FILE);
        return of(
                Files.readAllBytes(directory.resolve(Manifest.FILE_NAME)),
                files.artifact(),
                Files.exists(signature) ? Files.readString(signature, UTF_8).strip() : null);
    }

    /** A model that comes with Millrace. */
    static Candidate shipped(String name) throws ModelRefusedException {
        return of(ModelFiles.shippedManifest(name), ModelFiles.shipped(name).artifact(), null);
    }
}
