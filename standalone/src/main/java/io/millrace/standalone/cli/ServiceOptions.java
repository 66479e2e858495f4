package io.millrace.standalone.cli;

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

    Map<String, String> flags() {
        return flags;
    }
}
