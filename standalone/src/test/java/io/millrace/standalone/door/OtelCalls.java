package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the OpenTelemetry SDK of Java is made to say in tests. */
final class OtelCalls {
    private OtelCalls() {}

    /** Exports two events, one as SDKs named them before, and a plain log, all in one request. */
    static void export(DoorStage stage) {
        OtlpHttpLogRecordExporter exporter = OtlpHttpLogRecordExporter.builder()
                .setEndpoint(stage.uri("/v1/logs").toString())
                .addHeader("Authorization", DoorStage.BASIC)
                .setCompression("gzip")
                .build();
        try (SdkLoggerProvider provider = SdkLoggerProvider.builder()
                .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "shop")))
                .addLogRecordProcessor(BatchLogRecordProcessor.builder(exporter).build())
                .build()) {
            Logger logger = provider.loggerBuilder("clients").build();
            logger.logRecordBuilder()
                    .setEventName("product_viewed")
                    .setAttribute(AttributeKey.stringKey("log.record.uid"), "otel-java-1")
                    .setAttribute(AttributeKey.stringKey("enduser.id"), "u1")
                    .setAttribute(AttributeKey.stringKey("session.id"), "s1")
                    .setAttribute(AttributeKey.doubleKey("price"), 35.79)
                    .emit();
            logger.logRecordBuilder()
                    .setAttribute(AttributeKey.stringKey("event.name"), "product_added")
                    .setAttribute(AttributeKey.stringKey("log.record.uid"), "otel-java-2")
                    .setAttribute(AttributeKey.stringKey("session.id"), "s1")
                    .emit();
            logger.logRecordBuilder().setBody("a plain log").emit();
            CompletableResultCode flushed = provider.forceFlush().join(60, TimeUnit.SECONDS);
            assertThat(flushed.isSuccess()).isTrue();
        }
    }

    static void assertExported(Map<String, Event> events) {
        Event viewed = UserEvents.of(events, "otel-java-1");
        assertThat(viewed.name()).isEqualTo("product_viewed");
        assertThat(viewed.userId()).isEqualTo("u1");
        assertThat(viewed.properties()).hasToString("{\"price\":35.79}");
        assertThat(viewed.context().toString())
                .contains("\"service.name\":\"shop\"")
                .contains("\"sessionId\":\"s1\"");
        assertThat(viewed.times().original()).isNotNull();
        assertThat(UserEvents.of(events, "otel-java-2").name()).isEqualTo("product_added");
        assertThat(UserEvents.of(events, "otel-java-2").anonymousId()).isEqualTo("s1");
    }

    static void assertExportedByNode(Map<String, Event> events, String by) {
        Event viewed = UserEvents.of(events, by + "-1");
        assertThat(viewed.name()).isEqualTo("product_viewed");
        assertThat(viewed.userId()).isEqualTo("u1");
        assertThat(viewed.properties()).hasToString("{\"shelf\":\"new\",\"price\":35.79,\"count\":7,\"tags\":[\"a\"]}");
        assertThat(viewed.context().toString())
                .contains("\"scope\":\"clients\"")
                .contains("\"sessionId\":\"s1\"");
    }
}
