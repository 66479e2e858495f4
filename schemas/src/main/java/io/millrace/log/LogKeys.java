package io.millrace.log;

import ch.qos.logback.classic.Level;
import io.millrace.config.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The settings of logging, the same in every process. */
public final class LogKeys {
    /** How much is told. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE;

        Level level() {
            return Level.toLevel(name());
        }
    }

    public static final Key<LogFormat> FORMAT = Key.choice(
            "log.format",
            LogFormat.AUTO,
            LogFormat.class,
            "json: one object a line; text: for people; auto: text where a terminal is attached, json otherwise.");

    public static final Key<LogLevel> LEVEL = Key.choice(
            "log.level",
            LogLevel.INFO,
            LogLevel.class,
            "How much Millrace tells. At debug a line says what became of each event: not for a busy system.");

    public static final Key<Map<String, LogLevel>> LOGGERS = new Key<>(
            "log.loggers",
            "",
            "logger=level,logger=level,…",
            "Levels of single loggers, such as org.apache.kafka=info; they win over log.level.",
            false,
            LogKeys::parseLevels);

    public static final Key<String> FILE = Key.text(
            "log.file",
            "",
            "A file that gets every line as JSON beside the console, rolled at 20 MB and each day, kept for 14 days and up"
                    + " to 200 MB; empty for none. `millrace run` writes logs/millrace.log in its data folder.");

    /** Every key of this class. */
    public static final List<Key<?>> ALL = List.of(FORMAT, LEVEL, LOGGERS, FILE);

    private LogKeys() {}

    private static Map<String, LogLevel> parseLevels(String text) {
        Map<String, LogLevel> levels = new LinkedHashMap<>();
        if (text.isBlank()) {
            return levels;
        }
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("no logger in " + pair);
            }
            levels.put(
                    pair.substring(0, equals).strip(),
                    LogLevel.valueOf(pair.substring(equals + 1).strip().toUpperCase(Locale.ROOT)));
        }
        return levels;
    }
}
