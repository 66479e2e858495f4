package io.millrace.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.identity.Traceparent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.logstash.logback.composite.AbstractJsonProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One line of the log: {@code timestamp, level, service, trace_id, span_id, message, context}, all of them always. The
 * trace is the {@link Traceparent} under the key {@code trace}; the other keys and values are the context, with the
 * logger, the thread and the stack.
 */
final class LogLine extends AbstractJsonProvider<ILoggingEvent> {
    private static final String TRACE = "trace";
    /** Of a message or a value; a stack may be longer. */
    private static final int LONGEST_TEXT = 2_000;

    private static final int LONGEST_STACK = 16_000;

    private final String service;
    private final ThrowableProxyConverter stack = new ThrowableProxyConverter();

    LogLine(String service) {
        this.service = service;
    }

    @Override
    public void start() {
        stack.start();
        super.start();
    }

    @Override
    public void writeTo(JsonGenerator json, ILoggingEvent line) throws IOException {
        List<KeyValuePair> pairs = line.getKeyValuePairs() == null ? List.of() : line.getKeyValuePairs();
        Traceparent trace = trace(pairs);
        json.writeStringField("timestamp", line.getInstant().toString());
        json.writeStringField("level", line.getLevel().levelStr);
        json.writeStringField("service", service);
        json.writeStringField("trace_id", trace == null ? null : trace.traceId());
        json.writeStringField("span_id", trace == null ? null : trace.spanId());
        json.writeStringField("message", shorten(line.getFormattedMessage(), LONGEST_TEXT));
        json.writeObjectFieldStart("context");
        context(json, line, pairs);
        json.writeEndObject();
    }

    private void context(JsonGenerator json, ILoggingEvent line, List<KeyValuePair> pairs) throws IOException {
        json.writeStringField("logger", line.getLoggerName());
        json.writeStringField("thread", line.getThreadName());
        for (KeyValuePair pair : pairs) {
            if (!(pair.value instanceof Traceparent)) {
                json.writeFieldName(pair.key);
                value(json, pair.value);
            }
        }
        for (Map.Entry<String, String> entry : line.getMDCPropertyMap().entrySet()) {
            json.writeStringField(entry.getKey(), shorten(entry.getValue(), LONGEST_TEXT));
        }
        if (line.getThrowableProxy() != null) {
            json.writeStringField("exception", line.getThrowableProxy().getClassName());
            json.writeStringField("stack", shorten(stack.convert(line), LONGEST_STACK));
        }
    }

    private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Double number) {
            // NaN is no JSON.
            if (Double.isFinite(number)) {
                json.writeNumber(number);
            } else {
                json.writeString(number.toString());
            }
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString(shorten(value.toString(), LONGEST_TEXT));
        }
    }

    private static @Nullable Traceparent trace(List<KeyValuePair> pairs) {
        for (KeyValuePair pair : pairs) {
            if (pair.key.equals(TRACE) && pair.value instanceof Traceparent trace) {
                return trace;
            }
        }
        return null;
    }

    private static String shorten(@Nullable String text, int longest) {
        if (text == null) {
            return "";
        }
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
}
