package io.millrace.ingest.authorize;

import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.WriteKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The write keys that this door knows: those of its configuration, which nobody revokes but who configured them, and those
 * that operators made, as they were last read. Thread-safe.
 */
public final class WriteKeys implements Consumer<Map<Sha256, WriteKey>> {
    private static final String CONFIGURATION = "configuration";
    private static final int MOST_NAMED = 10;

    /** All that were read, at one time; null before. */
    private record Read(Map<Sha256, WriteKey> keys) {}

    private final Map<Sha256, WriteKey> configured = new HashMap<>();
    private volatile @Nullable Read read;
    private volatile long generation;

    public WriteKeys(Map<Sha256, Source> configured) {
        configured.forEach((sha256, source) ->
                this.configured.put(sha256, new WriteKey(sha256, source, null, true, Instant.EPOCH, CONFIGURATION)));
    }

    /** Takes all keys that operators made, as they are now. */
    @Override
    public synchronized void accept(Map<Sha256, WriteKey> all) {
        read = new Read(Map.copyOf(all));
        generation++;
    }

    /** Whether what is not known does not exist. */
    boolean isRead() {
        return read != null;
    }

    /** Another number whenever a key that opened the door may no longer do so, or the other way round. */
    long generation() {
        return generation;
    }

    @Nullable
    WriteKey find(Sha256 sha256) {
        WriteKey key = configured.get(sha256);
        Read now = read;
        return key != null || now == null ? key : now.keys().get(sha256);
    }

    boolean isConfigured(WriteKey key) {
        return configured.containsKey(key.sha256());
    }

    /** By {@link WriteKey#id}. */
    Optional<WriteKey> byId(String id) {
        return all().stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /**
     * The source that is meant where none is named: the only one that has a key.
     *
     * @throws IllegalArgumentException with a sentence for the client where there are several, or none
     */
    public Source onlySource() {
        List<String> names =
                all().stream().map(key -> key.source().name()).distinct().toList();
        if (names.size() == 1) {
            return new Source(names.get(0));
        }
        throw new IllegalArgumentException("source: given none, expected "
                + (names.isEmpty() || names.size() > MOST_NAMED
                        ? "the producer whose user it is"
                        : "one of " + String.join(", ", names)));
    }

    /** By source, the oldest first. */
    List<WriteKey> all() {
        List<WriteKey> all = new ArrayList<>(configured.values());
        Read now = read;
        if (now != null) {
            now.keys().values().stream()
                    .filter(key -> !configured.containsKey(key.sha256()))
                    .forEach(all::add);
        }
        all.sort(Comparator.comparing((WriteKey key) -> key.source().name())
                .thenComparing(WriteKey::createdAt)
                .thenComparing(WriteKey::id));
        return all;
    }
}
