package io.millrace.layout;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many stream threads processors shall have, where an operator has said so while they run.
 *
 * @param everywhere where nothing else is said; null: as each one's settings say
 * @param instances by the names of processors
 */
public record StreamThreads(@Nullable Integer everywhere, Map<String, Integer> instances) {
    /** As settings say. */
    public static final StreamThreads AS_SET = new StreamThreads(null, Map.of());

    public static final int MOST = 256;

    public StreamThreads {
        instances = Map.copyOf(instances);
        require(everywhere);
        instances.values().forEach(StreamThreads::require);
    }

    private static void require(@Nullable Integer threads) {
        if (threads != null && (threads < 1 || threads > MOST)) {
            throw new IllegalArgumentException("threads " + threads + ": expected 1 to " + MOST);
        }
    }

    /** Of an instance; empty: as its settings say. */
    public OptionalInt of(String instance) {
        Integer own = instances.getOrDefault(instance, everywhere);
        return own == null ? OptionalInt.empty() : OptionalInt.of(own);
    }

    /**
     * One thing said anew.
     *
     * @param instance null: everywhere, those included for which something else was said
     * @param threads null: as settings say, or for one instance, as is said for all
     */
    public StreamThreads with(@Nullable String instance, @Nullable Integer threads) {
        if (instance == null) {
            return new StreamThreads(threads, Map.of());
        }
        Map<String, Integer> changed = new TreeMap<>(instances);
        if (threads == null) {
            changed.remove(instance);
        } else {
            changed.put(instance, threads);
        }
        return new StreamThreads(everywhere, changed);
    }
}
