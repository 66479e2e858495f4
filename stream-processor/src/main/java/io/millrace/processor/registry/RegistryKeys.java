package io.millrace.processor.registry;

import io.millrace.config.Key;
import java.util.List;

/** The settings of the registry. */
public final class RegistryKeys {
    static final Key<String> TRUST_KEYS = Key.text(
            "models.trust-keys",
            "",
            "Ed25519 public keys in Base64, separated by commas. Where there are any, a model is registered and loaded only"
                    + " with the signature of one of them; those that come with Millrace need none.");

    /** Every key of the registry, for the list of the process. */
    public static final List<Key<?>> ALL = List.of(TRUST_KEYS);

    private RegistryKeys() {}
}
