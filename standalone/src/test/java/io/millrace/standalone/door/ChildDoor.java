package io.millrace.standalone.door;

import io.millrace.ingest.IngestMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A door in a process of its own, as an operator runs it. */
final class ChildDoor implements AutoCloseable {
    private final Process process;

    private ChildDoor(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param heap such as 96m
     * @param settings names of environment variables and their values
     * @param log takes what it says
     */
    static ChildDoor start(String heap, Map<String, String> settings, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                IngestMain.class.getName()));
        builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        builder.environment().put("MILLRACE_TOPICS_PARTITIONS", "3");
        builder.environment().putAll(settings);
        return new ChildDoor(
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start());
    }

    Process process() {
        return process;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
