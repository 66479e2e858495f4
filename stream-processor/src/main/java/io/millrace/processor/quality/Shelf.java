package io.millrace.processor.quality;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where a task keeps its counts: a state store with a changelog. Used by one thread. */
public interface Shelf {
    byte @Nullable [] get(String key);

    /** @param value null takes it away */
    void put(String key, byte @Nullable [] value);

    /** Every key that is there; they may not be changed meanwhile. */
    void keys(Consumer<String> each);
}
