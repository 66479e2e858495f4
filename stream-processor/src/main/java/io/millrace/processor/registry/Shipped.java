package io.millrace.processor.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import io.millrace.processor.model.ModelFiles;
import java.util.HashSet;
import java.util.Set;

/** The models that come with this Millrace, known by the digests of their manifests. Thread-safe. */
final class Shipped {
    private final Set<Sha256> manifests = new HashSet<>();

    Shipped() {
        for (String name : ModelFiles.shippedNames()) {
            manifests.add(Sha256.of(ModelFiles.shippedManifest(name)));
        }
    }

    /** Whether this is one of them, whose manifest names the artifact by its sha256. */
    boolean isShipped(Manifest manifest, String yaml) {
        return ModelFiles.shippedNames().contains(manifest.model().name())
                && manifests.contains(Sha256.of(yaml.getBytes(UTF_8)));
    }
}
