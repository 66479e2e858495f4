package io.millrace.processor.quality;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts in memory, for who asks what is counted and not where it is kept. */
public final class MemoryShelf implements Shelf {
    private final Map<String, byte[]> values = new HashMap<>();

    @Override
    public byte @Nullable [] get(String key) {
        return values.get(key);
    }

    @Override
    public void put(String key, byte @Nullable [] value) {
        if (value == null) {
            values.remove(key);
        } else {
            values.put(key, value);
        }
    }

    @Override
    public void keys(Consumer<String> each) {
        values.keySet().forEach(each);
    }
}
