package io.millrace.standalone.cli;

import java.io.PrintStream;
import java.time.Duration;

/** A bar on a terminal, a plain line now and then elsewhere; nothing in the first two seconds. Not thread-safe. */
final class Progress implements AutoCloseable {
    private static final long QUIET = Duration.ofSeconds(2).toNanos();
    private static final long BETWEEN_BARS = Duration.ofMillis(200).toNanos();
    private static final long BETWEEN_LINES = Duration.ofSeconds(10).toNanos();
    private static final int WIDTH = 30;

    private final PrintStream out;
    private final boolean terminal;
    private final String what;
    private final long total;
    private final long start = System.nanoTime();
    private long shown = start - BETWEEN_LINES;
    private boolean drawn;

    /** @param total what makes a full bar; 0 where nobody knows */
    Progress(PrintStream out, boolean terminal, String what, long total) {
        this.out = out;
        this.terminal = terminal;
        this.what = what;
        this.total = total;
    }

    /** On standard error, so that a command's output can be piped on; the launcher says whether it is a terminal. */
    static Progress onStandardError(String what, long total) {
        return new Progress(System.err, Boolean.getBoolean("millrace.terminal"), what, total);
    }

    void at(long done, String detail) {
        long now = System.nanoTime();
        if (now - start >= QUIET && now - shown >= (terminal ? BETWEEN_BARS : BETWEEN_LINES)) {
            shown = now;
            draw(done, detail, now - start);
        }
    }

    private void draw(long done, String detail, long nanos) {
        double seconds = nanos / 1e9;
        String text = total > 0
                ? String.format("%s %s %3.0f %%  %,d of %,d", what, bar(done), 100.0 * done / total, done, total)
                : String.format("%s %,d", what, done);
        text += String.format("  %,.0f/s  %s", done / seconds, detail);
        if (terminal) {
            out.print("\r\u001b[K" + text);
            out.flush();
            drawn = true;
        } else {
            out.println(text);
        }
    }

    private String bar(long done) {
        int full = (int) Math.min(WIDTH, WIDTH * done / Math.max(1, total));
        return "[" + "#".repeat(full) + " ".repeat(WIDTH - full) + "]";
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        if (drawn) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
