package io.millrace.log;

import io.millrace.config.Settings;
import io.millrace.log.LogKeys.LogLevel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a process logs.
 *
 * @param service as each line names the process
 * @param console who reads it there
 * @param format of the console's lines
 * @param level of Millrace's own loggers
 * @param loggers levels of single loggers
 * @param file for every line as JSON; empty for none
 */
public record LogConfig(
        String service,
        Reader console,
        LogFormat format,
        LogLevel level,
        Map<String, LogLevel> loggers,
        Optional<Path> file) {
    /** Who reads the console. */
    public enum Reader {
        /** Whatever collects the output of services: everything, on standard output. */
        COLLECTOR,
        /** Whoever typed a command: warnings and errors, on standard error. */
        USER,
        /** The same with the broker in the same process, whose clients warn of what their own start and stop bring. */
        USER_OF_ALL
    }

    public LogConfig {
        loggers = Map.copyOf(loggers);
    }

    /** For a process that has no settings, or has not read them yet. */
    public static LogConfig of(String service, Reader console) {
        return new LogConfig(service, console, LogFormat.AUTO, LogLevel.INFO, Map.of(), Optional.empty());
    }

    /** Reads its settings; what is wrong is told by {@link Settings#check}. */
    public static LogConfig from(Settings settings, String service, Reader console) {
        String file = settings.get(LogKeys.FILE);
        return new LogConfig(
                service,
                console,
                settings.get(LogKeys.FORMAT),
                settings.get(LogKeys.LEVEL),
                settings.get(LogKeys.LOGGERS),
                file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)));
    }

    /** The same with a file, unless the user gave one. */
    public LogConfig orFile(Path fallback) {
        return file.isPresent() ? this : new LogConfig(service, console, format, level, loggers, Optional.of(fallback));
    }
}
