package io.millrace.ingest;

import io.millrace.identity.Sha256;
import io.millrace.identity.WriteKey;
import io.millrace.ingest.authorize.WriteKeyStore;
import io.millrace.ingest.publish.KeptWriteKeys;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Introduces two rooms that do not know each other: whose keys they are, and the topic that keeps them. */
record TopicWriteKeyStore(KeptWriteKeys topic) implements WriteKeyStore {
    @Override
    public CompletionStage<@Nullable Void> create(WriteKey key) {
        return topic.create(key);
    }

    @Override
    public CompletionStage<@Nullable Void> change(WriteKey key) {
        return topic.change(key);
    }

    @Override
    public CompletionStage<@Nullable Void> remove(Sha256 sha256) {
        return topic.remove(sha256);
    }
}
