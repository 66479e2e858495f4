package io.millrace.standalone.endtoend;

import io.millrace.processor.ProcessorMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stream processor as a process of its own, so that it can be killed as the kernel kills. */
final class ChildProcessor {
    private final Process process;

    private ChildProcessor(Process process) {
        this.process = process;
    }

    /** @param settings environment variables MILLRACE_… */
    static ChildProcessor start(Map<String, String> settings, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                ProcessorMain.class.getName()));
        builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        builder.environment().putAll(new HashMap<>(settings));
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new ChildProcessor(builder.start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: no shutdown hook, no last commit. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
