package io.millrace.processor.registry;

import io.millrace.model.Manifest;
import io.millrace.processor.model.ModelRefusedException;
import org.jspecify.annotations.Nullable;

/** Whose models are registered and loaded. Thread-safe. */
final class Trust {
    private final TrustKeys keys;
    private final Shipped shipped = new Shipped();

    Trust(TrustKeys keys) {
        this.keys = keys;
    }

    /** What came with Millrace is trusted as Millrace is; it is known by its bytes, not by who says he registered it. */
    void check(Manifest manifest, String yaml, @Nullable String signature) throws ModelRefusedException {
        if (!shipped.isShipped(manifest, yaml)) {
            keys.check(manifest.model().toString(), manifest.sha256(), yaml, signature);
        }
    }
}
