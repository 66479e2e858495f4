package io.millrace.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.jul.LevelChangePropagator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.spi.ContextAware;
import ch.qos.logback.core.spi.LifeCycle;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.Map;
import net.logstash.logback.encoder.LoggingEventCompositeJsonEncoder;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets the log of this process up, in the one place for all of them. A user who brings a configuration of logback's own
 * ({@code -Dlogback.configurationFile}) gets that instead.
 */
public final class Logs {
    private static final String GIVEN = "logback.configurationFile";
    private static final String TEXT = "%d{HH:mm:ss} %-5level %logger{0}: %msg %kvp%n%ex{short}";
    private static final String MILLRACE = "io.millrace";

    /** What their makers want to know and nobody else does, or call an error and is none. */
    private static final Map<String, Level> NOISE = Map.ofEntries(
            Map.entry("org.apache.kafka", Level.WARN),
            Map.entry("kafka", Level.WARN),
            Map.entry("state.change.logger", Level.WARN),
            Map.entry("org.flywaydb", Level.WARN),
            Map.entry("com.zaxxer.hikari", Level.WARN),
            Map.entry("ai.djl", Level.WARN),
            Map.entry("io.netty", Level.WARN),
            Map.entry("io.vertx", Level.WARN),
            // The driver logs each failed connection with its stack, whoever tries it says so as well.
            Map.entry("org.postgresql", Level.OFF),
            // Every client prints its settings and says which are not its own.
            Map.entry("org.apache.kafka.common.config.AbstractConfig", Level.ERROR),
            // Says that an empty log is empty, and that a default will change.
            Map.entry("org.apache.kafka.controller.QuorumController", Level.ERROR),
            Map.entry("org.apache.kafka.streams.StreamsConfig", Level.ERROR),
            // After a kill it lists the tasks whose state is restored, as errors; what it cannot mend ends the thread,
            // which says so.
            Map.entry("org.apache.kafka.streams.processor.internals.TaskManager", Level.OFF),
            // Each undecodable record with its stack: what became of it is on dead-letters and in a counter.
            Map.entry("org.apache.kafka.streams.processor.internals.RecordDeserializer", Level.ERROR),
            // Two clients asked for the same internal topic at once.
            Map.entry("kafka.server.DefaultAutoTopicCreationManager", Level.ERROR),
            // At a start it calls it an error that the controller is not elected yet; the broker asks again.
            Map.entry("kafka.server.ControllerApis", Level.OFF),
            // Said of each partition that a finished search let go of.
            Map.entry("org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils", Level.ERROR),
            // Models run on the processor; a driver that is missing or old is no news.
            Map.entry("ai.djl.util.cuda", Level.ERROR));

    private Logs() {}

    /** From now on this process logs so; call it as soon as the settings are read. */
    public static void start(LogConfig config) {
        if (System.getProperty(GIVEN) == null && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.reset();
            configure(context, config);
        }
        if (!SLF4JBridgeHandler.isInstalled()) {
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
        }
    }

    static void configure(LoggerContext context, LogConfig config) {
        LevelChangePropagator propagator = new LevelChangePropagator();
        propagator.setContext(context);
        propagator.setResetJUL(true);
        propagator.start();
        context.addListener(propagator);
        NOISE.forEach((logger, level) -> context.getLogger(logger).setLevel(level));
        if (config.console() == LogConfig.Reader.USER) {
            // A command that cannot reach Kafka says so itself, once.
            context.getLogger("org.apache.kafka.clients.NetworkClient").setLevel(Level.ERROR);
        }
        context.getLogger(MILLRACE).setLevel(config.level().level());
        config.loggers().forEach((logger, level) -> context.getLogger(logger).setLevel(level.level()));

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(console(context, config));
        config.file().ifPresent(file -> root.addAppender(file(context, config, file)));
    }

    private static Appender<ILoggingEvent> console(LoggerContext context, LogConfig config) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setName("console");
        console.setTarget(config.console() == LogConfig.Reader.COLLECTOR ? "System.out" : "System.err");
        console.setEncoder(config.format().isJson() ? json(context, config) : text(context));
        if (config.console() != LogConfig.Reader.COLLECTOR) {
            ThresholdFilter warnings = new ThresholdFilter();
            warnings.setLevel(Level.WARN.levelStr);
            console.addFilter(started(context, warnings));
        }
        if (config.console() == LogConfig.Reader.USER_OF_ALL) {
            console.addFilter(started(context, new KafkaChat()));
        }
        return started(context, console);
    }

    private static Appender<ILoggingEvent> file(LoggerContext context, LogConfig config, Path file) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setName("file");
        appender.setContext(context);
        appender.setFile(file.toString());
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(rolled(file));
        rolling.setMaxFileSize(FileSize.valueOf("20MB"));
        rolling.setMaxHistory(14);
        rolling.setTotalSizeCap(FileSize.valueOf("200MB"));
        appender.setRollingPolicy(started(context, rolling));
        appender.setEncoder(json(context, config));
        return started(context, appender);
    }

    /** {@code millrace.log} becomes {@code millrace.2026-01-31.0.log.gz}. */
    private static String rolled(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String end = dot > 0 ? name.substring(dot) : "";
        return file.resolveSibling(stem + ".%d.%i" + end + ".gz").toString();
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(TEXT);
        return started(context, encoder);
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context, LogConfig config) {
        LoggingEventCompositeJsonEncoder encoder = new LoggingEventCompositeJsonEncoder();
        encoder.getProviders().addProvider(new LogLine(config.service()));
        return started(context, encoder);
    }

    private static <T extends LifeCycle & ContextAware> T started(LoggerContext context, T part) {
        part.setContext(context);
        part.start();
        return part;
    }
}
