package io.millrace.processor.model;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment;
import io.millrace.model.RegisteredVersion;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The registered models and what of them is deployed, as far as this process has read it. Every processor reads the same
 * topics, so all come to the same, each in its own time. Thread-safe.
 */
public interface Catalog {
    /**
     * Both at one moment. Every version that a deployment names is among the versions.
     *
     * @param deployments by the model's name
     * @param versions all that are registered
     */
    record Content(Map<String, Deployment> deployments, Map<ModelVersion, RegisteredVersion> versions) {
        public Content {
            deployments = Map.copyOf(deployments);
            versions = Map.copyOf(versions);
        }
    }

    /** What is known now; everything that was there at the start has been read before the catalog is handed out. */
    Content content();

    /** Calls from now on after each change, on the catalog's own thread, which must not be held for long. */
    void onChange(Consumer<Content> listener);

    /**
     * The manifest and the artifact of a registered version, checked against its sha256 (and signature, where a trust key
     * is configured). Reads from the broker; blocks for as long as that takes.
     *
     * @throws ModelRefusedException if the version is not registered, or what is stored is not what was registered
     */
    ModelFiles files(ModelVersion version) throws ModelRefusedException;

    /**
     * Takes a version out of every role it has beside champion, because of what it did: the record of it says why. Does
     * nothing where it has none any more. Blocks until the broker has it.
     *
     * @param reason one sentence, which operators read
     */
    void withdraw(ModelVersion version, String reason);
}
