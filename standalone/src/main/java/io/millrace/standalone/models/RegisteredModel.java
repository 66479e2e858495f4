package io.millrace.standalone.models;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment;
import io.millrace.processor.model.Catalog.Content;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.registry.ModelRegistry;
import io.millrace.processor.registry.RegistryConfig;
import io.millrace.processor.registry.RegistryException;
import io.millrace.processor.registry.TrustKeys;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A registered version of a model, with its artifact, as the topics of a running Millrace have it. */
public final class RegisteredModel {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private RegisteredModel() {}

    /**
     * Reads manifest and artifact from the broker.
     *
     * @param asked NAME@VERSION, or NAME for the champion of that name
     * @throws ModelsFailedException if it is not registered, nothing of that name is deployed, or the broker is silent
     * @throws IllegalArgumentException if it is no name
     */
    public static ModelFiles read(String asked, String bootstrap)
            throws ModelsFailedException, ModelRefusedException, InterruptedException {
        int at = asked.indexOf('@');
        String name = at < 0 ? asked : asked.substring(0, at);
        // Trust is the processors' to demand; the sha256 is checked here too.
        RegistryConfig config = new RegistryConfig(
                bootstrap, ModelLimits.DEFAULT, TIMEOUT, Duration.ofHours(1), new TrustKeys(List.of()));
        try (ModelRegistry registry = ModelRegistry.start(config, Clock.systemUTC())) {
            Content content = registry.content();
            String version = at < 0 ? champion(content, name) : asked.substring(at + 1);
            ModelVersion model = new ModelVersion(name, version);
            if (!content.versions().containsKey(model)) {
                throw new ModelsFailedException(model + ": not registered; " + known(content, name));
            }
            return registry.files(model);
        } catch (RegistryException e) {
            throw new ModelsFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String champion(Content content, String name) throws ModelsFailedException {
        @Nullable Deployment deployment = content.deployments().get(name);
        if (deployment == null) {
            throw new ModelsFailedException(name + ": given no version, and none is deployed; " + known(content, name));
        }
        return deployment.champion();
    }

    private static String known(Content content, String name) {
        List<String> versions = content.versions().keySet().stream()
                .filter(model -> model.name().equals(name))
                .map(ModelVersion::toString)
                .sorted()
                .toList();
        return versions.isEmpty()
                ? "expected one of "
                        + content.versions().keySet().stream()
                                .map(ModelVersion::toString)
                                .sorted()
                                .toList()
                : "expected one of " + versions;
    }
}
