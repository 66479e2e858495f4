package io.millrace.ingest.authorize;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers at most a number of answers, in two generations: when the young one is full, the old one is forgotten and
 * the young becomes old. No lock on a hit and no list of uses; what is asked for again moves on. Thread-safe; under
 * contention it may hold a few more, never many.
 */
final class BoundedCache<K, V> {
    private record Generations<K, V>(Map<K, V> young, Map<K, V> old) {}

    private final int half;
    private volatile Generations<K, V> generations = new Generations<>(new ConcurrentHashMap<>(), Map.of());

    BoundedCache(int most) {
        this.half = Math.max(1, most / 2);
    }

    @Nullable
    V get(K key) {
        Generations<K, V> now = generations;
        V value = now.young().get(key);
        if (value == null) {
            value = now.old().get(key);
            if (value != null) {
                put(key, value);
            }
        }
        return value;
    }

    void put(K key, V value) {
        if (generations.young().size() >= half) {
            turn();
        }
        generations.young().put(key, value);
    }

    private synchronized void turn() {
        Generations<K, V> now = generations;
        if (now.young().size() >= half) {
            generations = new Generations<>(new ConcurrentHashMap<>(), now.young());
        }
    }

    int size() {
        Generations<K, V> now = generations;
        return now.young().size() + now.old().size();
    }
}
