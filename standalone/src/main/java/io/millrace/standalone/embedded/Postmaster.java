package io.millrace.standalone.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The server process of one cluster folder. It is started by pg_ctl in a session of its own, so that Ctrl-C in the
 * terminal reaches Millrace alone, which stops the server last.
 */
final class Postmaster {
    /** Long enough for a recovery or a checkpoint of gigabytes on a slow disk. */
    private static final String PATIENCE_SECONDS = "120";

    private static final String STOP_SECONDS = "20";

    private final Programs programs;
    private final Path cluster;

    Postmaster(Programs programs, Path cluster) {
        this.programs = programs;
        this.cluster = cluster;
    }

    void start(Path log, List<String> options) throws IOException {
        try {
            programs.run(
                    "pg_ctl",
                    List.of(
                            "start",
                            "--wait",
                            "--timeout=" + PATIENCE_SECONDS,
                            "--silent",
                            "--pgdata=" + cluster,
                            "--log=" + log,
                            "--options=" + String.join(" ", options)));
        } catch (StartFailedException e) {
            throw new StartFailedException(
                    "PostgreSQL did not start; its last words in " + log + ": " + lastLine(log), e);
        }
    }

    /** Stops what an earlier process left running on this folder, if anything. */
    void stopLeftover() throws IOException {
        if (running().isPresent()) {
            stop();
        }
    }

    void stop() throws IOException {
        Optional<ProcessHandle> process = running();
        if (process.isEmpty()) {
            return;
        }
        try {
            programs.run(
                    "pg_ctl",
                    List.of(
                            "stop",
                            "--wait",
                            "--timeout=" + STOP_SECONDS,
                            "--silent",
                            "--mode=fast",
                            "--pgdata=" + cluster));
        } catch (StartFailedException e) {
            // A server that does not end, frozen for one, is killed: it loses nothing that was committed.
            kill();
        }
    }

    void kill() throws IOException {
        Optional<ProcessHandle> process = running();
        if (process.isEmpty()) {
            return;
        }
        List<ProcessHandle> all =
                Stream.concat(process.stream(), process.get().descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        // The shared memory is theirs until the last of them is gone.
        CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
                .join();
    }

    /** The live process named in postmaster.pid; a number that meanwhile is another program's does not count. */
    Optional<ProcessHandle> running() throws IOException {
        Path file = cluster.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.isEmpty() || lines.get(0).isBlank()) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info().command().orElse("").contains("postgres"));
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log, StandardCharsets.UTF_8) : List.of();
        return lines.isEmpty() ? "none" : lines.get(lines.size() - 1);
    }
}
