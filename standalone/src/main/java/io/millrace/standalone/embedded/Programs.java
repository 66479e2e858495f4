package io.millrace.standalone.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs PostgreSQL's programs to their end. They refuse to run as root; for root they run in a user namespace of their
 * own, in which the user has no name and no privilege and still owns the files.
 */
final class Programs {
    private final Path bin;
    private final List<String> prefix;

    Programs(Path installation) throws IOException {
        this.bin = installation.resolve("bin");
        this.prefix = unprivileged();
    }

    /** @throws StartFailedException with the program's output if it fails */
    String run(String program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(bin.resolve(program).toString());
        command.addAll(arguments);
        Path output = Files.createTempFile("millrace-" + program, ".out");
        try {
            int status = execute(command, output.toFile());
            String text = Files.readString(output, StandardCharsets.UTF_8).strip();
            if (status != 0) {
                throw new StartFailedException("PostgreSQL's " + program + " failed (" + status + "): " + text);
            }
            return text;
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static List<String> unprivileged() throws IOException {
        if (!isRoot()) {
            return List.of();
        }
        List<String> prefix = List.of("unshare", "--user");
        if (!works(List.of("unshare", "--user", "true"))) {
            throw new StartFailedException("PostgreSQL refuses to run as root, and this machine does not allow"
                    + " `unshare --user`: run Millrace as another user.");
        }
        return prefix;
    }

    private static boolean works(List<String> command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isRoot() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self)
                ? Files.getAttribute(self, "unix:uid").equals(0)
                : "root".equals(System.getProperty("user.name"));
    }

    // Output goes to a file: a postmaster keeps the pipes it inherits open, and reading one would never end.
    private static int execute(List<String> command, File output) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        try {
            process.getOutputStream().close();
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(command.get(command.size() - 1) + " was interrupted");
        }
    }
}
