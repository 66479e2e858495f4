package io.millrace.ingest.authorize;

import io.millrace.identity.Sha256;
import io.millrace.identity.WriteKey;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where write keys are kept, for every door. Thread-safe; never blocks. Each completes when this door knows. */
public interface WriteKeyStore {
    /** Keeps a new key; when it fails, the key will open no door. */
    CompletionStage<@Nullable Void> create(WriteKey key);

    /** Keeps a key that was there, changed; when it fails, it may have changed or not. */
    CompletionStage<@Nullable Void> change(WriteKey key);

    /** Takes a key away; when it fails, it may be gone or not. */
    CompletionStage<@Nullable Void> remove(Sha256 sha256);
}
