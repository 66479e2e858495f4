package io.millrace.standalone.bench;

import java.io.IOException;

/** Nobody may be left behind by a benchmark that was killed. */
final class ParentWatch {
    private ParentWatch() {}

    /** Until the parent is gone: nothing is ever written to standard input. */
    static void await() throws IOException {
        while (System.in.read() >= 0) {
            // nothing to do with it
        }
    }
}
