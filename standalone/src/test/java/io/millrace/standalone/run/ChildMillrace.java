package io.millrace.standalone.run;

import io.millrace.standalone.cli.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@code millrace} in a process of its own, as a user starts it. */
public final class ChildMillrace {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Path output;

    private ChildMillrace(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    public static ChildMillrace start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                Millrace.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(output.toFile()));
        // Variables of the tests are no settings of Millrace.
        builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        return new ChildMillrace(builder.start(), output);
    }

    public String output() throws IOException {
        return Files.readString(output);
    }

    /** Waits until the text is printed. */
    public void await(String text) throws IOException {
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (!output().contains(text)) {
            if (!process.isAlive() || System.nanoTime() - giveUpAt > 0) {
                throw new AssertionError("\"" + text + "\" was not printed, but:\n" + output());
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    /** As kill -9 does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As Ctrl-C does; gives back the exit code. */
    public int interrupt() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    public int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end");
        }
        return process.exitValue();
    }
}
