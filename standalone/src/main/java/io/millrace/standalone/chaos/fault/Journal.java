package io.millrace.standalone.chaos.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What was done, with the time since the beginning. Thread-safe. */
public final class Journal {
    private final long began = System.nanoTime();
    private final List<String> lines = new ArrayList<>();
    private final Consumer<String> listener;

    /** @param listener told of each line */
    public Journal(Consumer<String> listener) {
        this.listener = listener;
    }

    public synchronized void note(String what) {
        String line = String.format("%7.1f s  %s", (System.nanoTime() - began) / 1e9, what);
        lines.add(line);
        listener.accept(line);
    }

    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
