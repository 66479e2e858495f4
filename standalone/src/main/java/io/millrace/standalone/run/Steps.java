package io.millrace.standalone.run;

import java.io.PrintStream;

/** Tells what a start is waiting for: a line for each part, with how long it took. */
public final class Steps {
    private final PrintStream out;

    Steps(PrintStream out) {
        this.out = out;
    }

    public static Steps onStandardOutput() {
        return new Steps(System.out);
    }

    /** Something that takes a while. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws Exception;
    }

    <T> T run(String what, Step<T> step) throws Exception {
        out.printf("  %-44s", what + " ...");
        out.flush();
        long start = System.nanoTime();
        boolean done = false;
        try {
            T result = step.take();
            done = true;
            return result;
        } finally {
            out.printf("%s %.1f s%n", done ? "ready in" : "failed after", (System.nanoTime() - start) / 1e9);
        }
    }
}
