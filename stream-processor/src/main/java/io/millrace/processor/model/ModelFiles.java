package io.millrace.processor.model;

import io.millrace.codec.DecodeException;
import io.millrace.codec.ManifestCodec;
import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A model's manifest and the bytes of its artifact, which are what the manifest's sha256 says. The bytes are read once and
 * loaded from memory, so that what was checked is what runs.
 *
 * @param manifest of the model
 * @param artifact bytes; nobody writes to them
 */
public record ModelFiles(Manifest manifest, byte[] artifact) {
    /** Where the models that Millrace ships stand on the class path, each a folder. */
    private static final String SHIPPED = "/io/millrace/models/";

    private static final long LARGEST_MANIFEST = 1L << 20;

    /** The name of the model that Millrace ships. */
    public static final String PURCHASE_INTENT = "purchase-intent";

    /**
     * Reads a model's directory.
     *
     * @throws ModelRefusedException if something is missing, malformed, too big, or not what the sha256 says
     */
    public static ModelFiles read(Path directory, ModelLimits limits) throws ModelRefusedException {
        Path manifestFile = directory.resolve(Manifest.FILE_NAME);
        if (!Files.isRegularFile(manifestFile)) {
            throw new ModelRefusedException(directory + " has no " + Manifest.FILE_NAME);
        }
        Manifest manifest = manifest(read(manifestFile, LARGEST_MANIFEST), manifestFile.toString());
        Path artifact = directory.resolve(manifest.artifact());
        if (!Files.isRegularFile(artifact)) {
            throw new ModelRefusedException(manifest.model() + ": artifact " + artifact + " is missing");
        }
        return of(manifest, read(artifact, limits.largestArtifact()));
    }

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

    /** The names of the models that Millrace ships. */
    public static List<String> shippedNames() {
        return new String(resource(SHIPPED + "index"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** The manifest of a model that Millrace ships, as it is. */
    public static byte[] shippedManifest(String name) {
        return resource(SHIPPED + name + "/" + Manifest.FILE_NAME);
    }

    /** Reads a model that Millrace ships, from the class path: a program finds it without a checkout. */
    public static ModelFiles shipped(String name) throws ModelRefusedException {
        String folder = SHIPPED + name + "/";
        Manifest manifest = manifest(resource(folder + Manifest.FILE_NAME), "the shipped " + name);
        return of(manifest, resource(folder + manifest.artifact()));
    }

    /**
     * Reads a manifest.
     *
     * @param origin as the sentence names it
     * @throws ModelRefusedException if it is none, with all that is wrong
     */
    public static Manifest manifest(byte[] yaml, String origin) throws ModelRefusedException {
        try {
            return ManifestCodec.read(yaml);
        } catch (DecodeException e) {
            String problems = Objects.requireNonNullElse(
                            e.getMessage(), e.reason().name())
                    .replace("\n", "; ");
            throw new ModelRefusedException(origin + ": " + problems, e);
        }
    }

    private static byte[] read(Path file, long largest) throws ModelRefusedException {
        try (InputStream in = Files.newInputStream(file)) {
            int most = Math.toIntExact(Math.min(largest, Integer.MAX_VALUE - 16));
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new ModelRefusedException(
                        file + " is too big: " + Files.size(file) + " bytes, expected at most " + most);
            }
            return bytes;
        } catch (IOException e) {
            throw new ModelRefusedException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] resource(String path) {
        try (InputStream in = ModelFiles.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no shipped model has " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }
}
