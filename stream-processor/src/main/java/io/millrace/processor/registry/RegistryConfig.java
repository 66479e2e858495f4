package io.millrace.processor.registry;

import io.millrace.config.Settings;
import io.millrace.processor.model.ModelLimits;
import java.time.Duration;
import java.util.List;

/**
 * How the registry runs.
 *
 * @param bootstrap Kafka's addresses
 * @param limits of what is registered
 * @param timeout for the broker to answer
 * @param lateness with which features are computed
 * @param trustKeys of whom signatures are demanded; none: of nobody
 */
public record RegistryConfig(
        String bootstrap, ModelLimits limits, Duration timeout, Duration lateness, TrustKeys trustKeys) {
    /** Reads the registry's own keys; wrong values are collected in {@code settings}. */
    public static RegistryConfig from(
            Settings settings, String bootstrap, ModelLimits limits, Duration timeout, Duration lateness) {
        TrustKeys keys = new TrustKeys(List.of());
        try {
            keys = TrustKeys.parse(settings.get(RegistryKeys.TRUST_KEYS));
        } catch (IllegalArgumentException e) {
            settings.error(RegistryKeys.TRUST_KEYS.path() + ": " + e.getMessage());
        }
        return new RegistryConfig(bootstrap, limits, timeout, lateness, keys);
    }
}
