package io.millrace.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/** What is logged before a process has read its settings, and by programs that have none. Logback finds it as a service. */
@ConfiguratorRank(ConfiguratorRank.NOMINAL)
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logs.configure(context, LogConfig.of("millrace", LogConfig.Reader.USER));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
