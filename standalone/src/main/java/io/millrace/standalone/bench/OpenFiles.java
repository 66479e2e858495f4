package io.millrace.standalone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many connections a process may hold; Java takes the hard limit by itself. */
final class OpenFiles {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern COLUMNS = Pattern.compile("^Max open files +\\w+ +(\\w+)");
    /** Files, jars and what goes to the broker. */
    private static final int OTHERS = 500;

    private OpenFiles() {}

    static boolean allow(int connections) throws IOException {
        return most() >= connections + OTHERS;
    }

    /** A sentence for who wants them. */
    static String missing(int connections) throws IOException {
        return String.format(
                Locale.ROOT,
                "%,d connections are left out: given a limit of %,d open files (ulimit -Hn), expected %,d or more",
                connections,
                most(),
                connections + OTHERS);
    }

    private static long most() throws IOException {
        if (!Files.isReadable(LIMITS)) {
            return Long.MAX_VALUE; // not Linux: who connects will see
        }
        return Files.readAllLines(LIMITS).stream()
                .map(COLUMNS::matcher)
                .filter(Matcher::find)
                .map(columns -> columns.group(1))
                .mapToLong(hard -> hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
