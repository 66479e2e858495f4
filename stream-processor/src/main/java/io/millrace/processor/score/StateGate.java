package io.millrace.processor.score;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which tasks of a layout have the state of the layout before, and so may take events. Thread-safe; one a running
 * topology.
 */
public final class StateGate {
    private final boolean always;
    private final Set<Integer> open = ConcurrentHashMap.newKeySet();

    private StateGate(boolean always) {
        this.always = always;
    }

    /** Of a layout that begins with nothing. */
    public static StateGate open() {
        return new StateGate(true);
    }

    /** Of a layout whose tasks wait for state. */
    public static StateGate shut() {
        return new StateGate(false);
    }

    public boolean isOpen(int partition) {
        return always || open.contains(partition);
    }

    void open(int partition) {
        open.add(partition);
    }

    /** The task goes; wherever it comes to, it looks whether it has its state. */
    void forget(int partition) {
        open.remove(partition);
    }
}
