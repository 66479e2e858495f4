package io.millrace.trace;

import io.millrace.identity.Traceparent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One process's part in the traces. A trace that is not sampled costs a new span id at the door and nothing after it;
 * contexts travel as {@link Traceparent}, in the data, because a micro-batch mixes the traces of many events on one
 * thread. Thread-safe; closing it sends what waits.
 *
 * <p>By hand on the OpenTelemetry SDK: the sampling is decided once, at the door, from the caller's flag or by the share
 * that is configured, and every later process follows the flag.
 */
public final class Tracing implements AutoCloseable {
    /** Records nothing. */
    public static final Tracing OFF = new Tracing(TracingConfig.OFF, null);

    private static final Duration BETWEEN_EXPORTS = Duration.ofSeconds(1);
    private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);
    private static final String SCOPE = "io.millrace";

    private final double sample;
    private final @Nullable SdkTracerProvider provider;
    private final @Nullable Tracer tracer;

    private Tracing(TracingConfig config, @Nullable SdkTracerProvider provider) {
        this.sample = config.sample();
        this.provider = provider;
        this.tracer = provider == null ? null : provider.get(SCOPE);
    }

    /** @param service as traces and logs name this process, such as {@code ingest-api} */
    public static Tracing start(TracingConfig config, String service) {
        if (!config.isOn()) {
            return new Tracing(config, null);
        }
        SdkTracerProviderBuilder provider = SdkTracerProvider.builder()
                .setSampler(Sampler.alwaysOn())
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        service,
                        AttributeKey.stringKey("service.namespace"),
                        "millrace")));
        if (config.linesPerSecond() > 0) {
            provider.addSpanProcessor(new SpanLog(config.linesPerSecond()));
        }
        if (!config.endpoint().isEmpty()) {
            provider.addSpanProcessor(export(config));
        }
        return new Tracing(config, provider.build());
    }

    private static BatchSpanProcessor export(TracingConfig config) {
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(config.endpoint())
                .setHeaders(config::headers)
                .setTimeout(EXPORT_TIMEOUT)
                .build();
        return BatchSpanProcessor.builder(exporter)
                .setMaxQueueSize(config.queue())
                .setMaxExportBatchSize(Math.min(config.queue(), 512))
                .setScheduleDelay(BETWEEN_EXPORTS)
                .setExporterTimeout(EXPORT_TIMEOUT)
                .build();
    }

    /**
     * A request at the door: goes on with the caller's trace, or begins one where it has none that can be read.
     *
     * @param traceparent the caller's header, null where there is none
     * @param tracestate of the caller, likewise
     */
    public Step receive(String name, @Nullable String traceparent, @Nullable String tracestate) {
        Traceparent caller = traceparent == null
                ? null
                : Traceparent.parse(traceparent, tracestate).orElse(null);
        boolean sampled = caller == null ? isChosen() : caller.isSampled();
        if (!sampled || tracer == null) {
            return Step.unrecorded(caller == null ? Traceparent.begin(sampled) : caller.child());
        }
        return record(tracer, name, SpanKind.SERVER, caller);
    }

    /** A step that puts an event on a topic. */
    public Step produce(String name, @Nullable Traceparent parent) {
        return step(name, SpanKind.PRODUCER, parent);
    }

    /** A step that took an event from a topic. */
    public Step consume(String name, @Nullable Traceparent parent) {
        return step(name, SpanKind.CONSUMER, parent);
    }

    /** A step that asks another process. */
    public Step call(String name, @Nullable Traceparent parent) {
        return step(name, SpanKind.CLIENT, parent);
    }

    /** A step that answers another process of Millrace. */
    public Step serve(String name, @Nullable Traceparent parent) {
        return step(name, SpanKind.SERVER, parent);
    }

    private Step step(String name, SpanKind kind, @Nullable Traceparent parent) {
        return tracer == null || parent == null || !parent.isSampled()
                ? Step.unrecorded(parent)
                : record(tracer, name, kind, parent);
    }

    private static Step record(Tracer tracer, String name, SpanKind kind, @Nullable Traceparent parent) {
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kind);
        if (parent == null) {
            builder.setNoParent();
        } else {
            SpanContext remote = SpanContext.createFromRemoteParent(
                    parent.traceId(), parent.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
            builder.setParent(Context.root().with(Span.wrap(remote)));
        }
        Span span = builder.startSpan();
        SpanContext own = span.getSpanContext();
        Traceparent trace = parent == null
                ? new Traceparent("00-" + own.getTraceId() + "-" + own.getSpanId() + "-01")
                : parent.withSpan(own.getSpanId());
        return Step.recorded(trace, span);
    }

    private boolean isChosen() {
        return sample > 0 && ThreadLocalRandom.current().nextDouble() < sample;
    }

    /** Sends what waits, for as long as one export may take. */
    @Override
    public void close() {
        if (provider != null) {
            CompletableResultCode sent = provider.shutdown();
            sent.join(EXPORT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
