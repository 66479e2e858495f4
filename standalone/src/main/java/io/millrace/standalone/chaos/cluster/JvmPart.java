package io.millrace.standalone.chaos.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program in a JVM of its own, of the class path that this one has. */
final class JvmPart extends Part {
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private final Probe probe;
    private volatile @Nullable Process process;

    /** Whether a program serves. */
    interface Probe {
        boolean isReady() throws InterruptedException;
    }

    /**
     * Does not start it.
     *
     * @param environment is added to this process's own, less what is MILLRACE_
     */
    JvmPart(String name, List<String> command, Map<String, String> environment, Path log, Probe probe) {
        super(name);
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.log = log;
        this.probe = probe;
    }

    /**
     * How a program is started.
     *
     * @param before what stands before the class path of this process; empty for nothing
     */
    static List<String> command(int heapMegabytes, String before, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:MaxDirectMemorySize=128m",
                // Many small programs on few cores, of which none lives long.
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dai.djl.offline=true",
                "-Dfile.encoding=UTF-8",
                "-cp",
                (before.isEmpty() ? "" : before + File.pathSeparator) + System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    void launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("OPT_OUT_TRACKING", "true");
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.environment().putAll(environment);
        process = builder.start();
    }

    @Override
    void destroy() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    @Override
    boolean end(Duration patience) throws InterruptedException {
        Process running = process;
        if (running == null) {
            return true;
        }
        running.destroy();
        if (running.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return true;
        }
        destroy();
        return false;
    }

    @Override
    void signal(String signal) throws IOException, InterruptedException {
        Process running = process;
        if (running != null && running.isAlive()) {
            Signals.send(signal, List.of(running.pid()));
        }
    }

    @Override
    public boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    @Override
    public boolean isReady() throws InterruptedException {
        return isAlive() && probe.isReady();
    }
}
