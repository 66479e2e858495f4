package io.millrace.standalone.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A terminal that is drawn on again and again, on its second screen: what stood there before is back when this is closed,
 * or when the process ends however it is asked to. Not thread-safe.
 */
public final class LiveTerminal implements AutoCloseable {
    private static final String BEGIN = "\u001b[?1049h\u001b[?25l\u001b[2J";
    private static final String END = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final Size USUAL = new Size(24, 80);

    private final PrintStream out;
    private final Thread hook = new Thread(this::restore, "millrace-terminal");
    private boolean restored;

    /** What there is room for. */
    public record Size(int rows, int columns) {}

    private LiveTerminal(PrintStream out) {
        this.out = out;
    }

    /** Takes the terminal that standard output goes to. */
    public static LiveTerminal begin() {
        LiveTerminal terminal = new LiveTerminal(System.out);
        Runtime.getRuntime().addShutdownHook(terminal.hook);
        terminal.out.print(BEGIN);
        terminal.out.flush();
        return terminal;
    }

    /** In one write, over what stood there: nothing is seen to be wiped. */
    public synchronized void draw(List<String> lines) {
        if (restored) {
            return;
        }
        StringBuilder screen = new StringBuilder(HOME);
        for (int i = 0; i < lines.size(); i++) {
            screen.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(CLEAR_LINE);
        }
        out.print(screen.append(CLEAR_BELOW));
        out.flush();
    }

    /** As it is now: a window may be drawn larger. */
    public Size size() throws InterruptedException {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text;
            try (InputStream told = stty.getInputStream()) {
                text = new String(told.readAllBytes(), UTF_8).strip();
            }
            String[] numbers = text.split(" ", -1);
            if (stty.waitFor(1, TimeUnit.SECONDS) && stty.exitValue() == 0 && numbers.length == 2) {
                Size size = new Size(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
                return size.rows() > 0 && size.columns() > 0 ? size : USUAL;
            }
        } catch (IOException | NumberFormatException e) {
            return USUAL;
        }
        return USUAL;
    }

    private synchronized void restore() {
        if (!restored) {
            restored = true;
            out.print(END);
            out.flush();
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the process ends, and the hook has nothing left to do
        }
    }
}
