package io.millrace.standalone.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program of this class path in a JVM of its own, of which it is measured what it costs. It ends when its parent's end of its
 * standard input does. Whoever starts it closes it.
 */
final class Child implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final Path log;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it, as scripts/millrace starts the program.
     *
     * @param folders of its log, and of its recording where one is wanted
     * @param name of both files
     * @param settings as environment variables
     */
    static Child start(
            Folders folders,
            String name,
            int heapMegabytes,
            Map<String, String> settings,
            String main,
            String... arguments)
            throws IOException {
        return start(List.of(), folders, name, heapMegabytes, settings, main, arguments);
    }

    /** The same, by another program that becomes Java. */
    static Child start(
            List<String> before,
            Folders folders,
            String name,
            int heapMegabytes,
            Map<String, String> settings,
            String main,
            String... arguments)
            throws IOException {
        Path log = folders.data().resolve(name + ".log");
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx" + heapMegabytes + "m",
                "-XX:MaxDirectMemorySize=256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dai.djl.offline=true",
                "-Dfile.encoding=UTF-8"));
        Path recordings = folders.recordings();
        if (recordings != null) {
            command.add("-XX:StartFlightRecording=settings=profile,filename=" + recordings.resolve(name + ".jfr"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(key -> key.startsWith("MILLRACE_"));
        builder.environment().putAll(settings);
        return new Child(builder.start(), log);
    }

    /** One byte on its standard input. */
    void ask() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** What it costs. */
    Running running() {
        return new Running(List.of(process.toHandle()));
    }

    Duration cpu() {
        return running().cpu();
    }

    double peakMegabytes() {
        return running().peakMegabytes();
    }

    /** Throws what a measurement needs to say of a program that is gone. */
    void requireAlive(String what) throws BenchFailedException {
        if (!process.isAlive()) {
            throw new BenchFailedException(what + " ended with " + process.exitValue() + "; its log is " + log);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
