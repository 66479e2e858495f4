package io.millrace.standalone.cli;

import io.millrace.config.Key;
import io.millrace.standalone.run.StandaloneKeys;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How settings are given to a command that runs until it is told to end. */
final class ServiceOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of settings (docs/configuration.md).")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting; wins over the environment (MILLRACE_…) and the file. May be repeated.")
    private Map<String, String> flags = new HashMap<>();

    @Nullable
    Path file() {
        return file;
    }

    /** @throws CommandFailedException for a secret: what stands on a command line, everybody on the machine can read */
    Map<String, String> flags() {
        for (Key<?> key : StandaloneKeys.EVERY) {
            if (key.secret() && flags.containsKey(key.path())) {
                throw new CommandFailedException("--set " + key.path()
                        + ": a secret on a command line is shown to everybody by"
                        + " ps; expected it in the environment (" + key.variable() + ") or in a file (--config)");
            }
        }
        return flags;
    }
}
