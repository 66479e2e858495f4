package io.millrace.trace;

import io.millrace.identity.Traceparent;
import io.millrace.log.Ration;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Recorded spans as lines of the log, so that one trace can be followed over all processes where nobody collects spans. A
 * few a second: whoever samples everything must not fill the disk. Thread-safe.
 */
final class SpanLog implements SpanProcessor {
    private static final Logger log = LoggerFactory.getLogger(SpanLog.class);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Ration ration;

    SpanLog(int linesPerSecond) {
        ration = new Ration(linesPerSecond);
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!ration.take()) {
            return;
        }
        SpanData data = span.toSpanData();
        LoggingEventBuilder line = log.atInfo()
                .addKeyValue("trace", trace(data))
                .addKeyValue("parent_span_id", data.getParentSpanId())
                .addKeyValue("ms", (data.getEndEpochNanos() - data.getStartEpochNanos()) / NANOS_PER_MILLI);
        for (Map.Entry<AttributeKey<?>, Object> attribute :
                data.getAttributes().asMap().entrySet()) {
            line = line.addKeyValue(attribute.getKey().getKey().replace('.', '_'), attribute.getValue());
        }
        String failure = data.getStatus().getDescription();
        if (!failure.isEmpty()) {
            line = line.addKeyValue("failure", failure);
        }
        line.log("Span: {}", data.getName());
    }

    private static Traceparent trace(SpanData data) {
        return new Traceparent("00-" + data.getTraceId() + "-" + data.getSpanId() + "-01");
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }
}
