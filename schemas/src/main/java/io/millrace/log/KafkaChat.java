package io.millrace.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/** Keeps what Kafka says below an error away: the broker is in this process, and its clients chat while it starts and stops. */
final class KafkaChat extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent line) {
        return line.getLoggerName().startsWith("org.apache.kafka")
                        && !line.getLevel().isGreaterOrEqual(Level.ERROR)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
