package io.millrace.processor.feature;

/**
 * State that a later release wrote, as after going back to an earlier one. No event is to blame, and the next would find the
 * same: the topology stops, rather than sending every event to dead-letters or counting from nothing.
 */
public final class StateVersionException extends CorruptStateException {
    private static final long serialVersionUID = 1;

    /**
     * @param where such as {@code store users}
     * @param found version that was found
     * @param newest version that this release knows
     */
    public StateVersionException(String where, int found, int newest) {
        super(where + " holds state of version " + found + ": expected " + newest
                + " or earlier; a later release wrote it, run that one");
    }
}
