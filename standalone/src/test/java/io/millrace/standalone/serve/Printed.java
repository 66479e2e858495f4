package io.millrace.standalone.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.standalone.cli.Millrace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** What a command printed on standard output, and how it ended. */
record Printed(int exitCode, String text) {
    static Printed of(String... arguments) {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, UTF_8));
        try {
            return new Printed(Millrace.execute(arguments), bytes.toString(UTF_8));
        } finally {
            System.setOut(out);
        }
    }

    /** A command that goes on until it is told to end. */
    static Running whileRunning(String... arguments) {
        return new Running(arguments);
    }

    static final class Running implements AutoCloseable {
        private final PrintStream out = System.out;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread thread;

        private Running(String... arguments) {
            System.setOut(new PrintStream(bytes, true, UTF_8));
            thread = new Thread(() -> Millrace.execute(arguments), "command");
            thread.start();
        }

        void await(String text) {
            ScoringStage.await(
                    "\"" + text + "\" in the output",
                    () -> bytes.toString(UTF_8).contains(text) ? this : null);
        }

        @Override
        public void close() {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            System.setOut(out);
        }
    }
}
