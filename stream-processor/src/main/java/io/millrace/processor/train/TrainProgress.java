package io.millrace.processor.train;

import io.millrace.processor.model.FitWatcher;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Tells how training goes: a bar with loss and remaining time on a terminal; elsewhere a plain line for a fit's first
 * epoch, its last, and now and then. Used by the thread that trains.
 */
final class TrainProgress implements AutoCloseable {
    private static final long BETWEEN_BARS = Duration.ofMillis(200).toNanos();
    private static final long BETWEEN_LINES = Duration.ofSeconds(10).toNanos();
    private static final int WIDTH = 24;

    private final PrintStream out;
    private final boolean terminal;
    private long shown;
    private boolean drawn;

    TrainProgress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void say(String line) {
        close();
        out.println(line);
    }

    /** Watches one fit of so many examples and epochs at most. */
    FitWatcher fit(String name, int examples, int epochs) {
        return new Fit(name, examples, epochs);
    }

    private final class Fit implements FitWatcher {
        private final String name;
        private final int examples;
        private final int epochs;
        private final long start = System.nanoTime();
        private int begunAt = -1;
        private double validation = Double.NaN;

        Fit(String name, int examples, int epochs) {
            this.name = name;
            this.examples = examples;
            this.epochs = epochs;
        }

        @Override
        public void step(int epoch, int done, double loss) {
            if (begunAt < 0) {
                begunAt = epoch - 1;
            }
            long now = System.nanoTime();
            if (terminal && now - shown >= BETWEEN_BARS) {
                shown = now;
                double passes = epoch - 1 + (double) done / examples;
                int full = (int) (WIDTH * passes / epochs);
                out.printf(
                        Locale.ROOT,
                        "\r\u001b[K%s [%s%s] epoch %d of at most %d, loss %.4f, validation %.4f, at most %s left",
                        name,
                        "#".repeat(full),
                        " ".repeat(WIDTH - full),
                        epoch,
                        epochs,
                        loss,
                        validation,
                        left(now, passes));
                out.flush();
                drawn = true;
            }
        }

        @Override
        public void epoch(Epoch epoch) {
            validation = epoch.validationLoss();
            long now = System.nanoTime();
            boolean due = epoch.number() == 1 || epoch.number() == epochs || now - shown >= BETWEEN_LINES;
            if (!terminal && due) {
                shown = now;
                out.printf(
                        Locale.ROOT,
                        "%s: epoch %d of at most %d, loss %.5f, validation %.5f, at most %s left%n",
                        name,
                        epoch.number(),
                        epochs,
                        epoch.trainLoss(),
                        validation,
                        left(now, epoch.number()));
            }
        }

        /** Of this fit, were no epoch spared. */
        private String left(long now, double passes) {
            double passed = passes - Math.max(0, begunAt);
            long seconds = Math.round((now - start) / 1e9 / Math.max(1e-9, passed) * (epochs - passes));
            return seconds < 60
                    ? seconds + " s"
                    : seconds < 3600
                            ? seconds / 60 + " min " + seconds % 60 + " s"
                            : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        if (drawn) {
            out.print("\r\u001b[K");
            out.flush();
            drawn = false;
        }
    }
}
