package io.millrace.processor.model;

import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;

/**
 * A model's manifest and the bytes of its artifact, which are what the manifest's sha256 says. The bytes are read once and
 * loaded from memory, so that what was checked is what runs.
 *
 * @param manifest of the model
 * @param artifact bytes; nobody writes to them
 */
public record ModelFiles(Manifest manifest, byte[] artifact) {
    /**
     * Puts a manifest and an artifact together, wherever they came from.
     *
     * @throws ModelRefusedException if the artifact is not what the manifest's sha256 says
     */
    public static ModelFiles of(Manifest manifest, byte[] artifact) throws ModelRefusedException {
        Sha256 found = Sha256.of(artifact);
        if (!found.equals(manifest.sha256())) {
            throw new ModelRefusedException(manifest.model() + ": artifact " + manifest.artifact() + " has sha256 "
                    + found + ", expected " + manifest.sha256());
        }
        return new ModelFiles(manifest, artifact);
    }
}
