package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.MessageWriter;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import io.millrace.event.Event;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the CloudEvents SDKs of Java and of npm are made to say in tests. */
final class CloudEventCalls {
    private static final String SOURCE = "/clients/java";
    private static final JsonFormat JSON = new JsonFormat();
    private static final byte[] DATA = "{\"price\":35.79}".getBytes(StandardCharsets.UTF_8);

    private CloudEventCalls() {}

    /** Delivers in every mode. */
    static void deliver(DoorStage stage) {
        send(stage, writer -> writer.writeBinary(event("java-binary")));
        send(stage, writer -> writer.writeStructured(event("java-structured"), JSON));
        // The SDK reads batches and writes none.
        String batch = "[" + text(event("java-batch-1")) + "," + text(event("java-batch-2")) + "]";
        assertTaken(
                stage,
                request(stage)
                        .header("Content-Type", "application/cloudevents-batch+json; charset=UTF-8")
                        .POST(BodyPublishers.ofString(batch)));
    }

    static void assertDelivered(Map<String, Event> events) {
        for (String id : List.of("java-binary", "java-structured", "java-batch-1", "java-batch-2")) {
            Event event = UserEvents.of(events, SOURCE + "|" + id);
            assertThat(event.name()).isEqualTo("product_viewed");
            assertThat(event.userId()).isEqualTo("Juergen 100%");
            assertThat(event.properties()).hasToString("{\"price\":35.79}");
            assertThat(event.context().toString())
                    .contains("\"loyalty\":\"gold\"")
                    .contains("\"id\":\"" + id);
            assertThat(event.times().original()).isEqualTo("2026-01-31T12:00:00Z");
        }
    }

    static void assertSentByNode(Map<String, Event> events, String by) {
        for (String mode : List.of("binary", "structured")) {
            Event event = UserEvents.of(events, "/clients/node|" + by + "-" + mode);
            assertThat(event.userId()).isEqualTo("Jürgen 100%");
            assertThat(event.properties()).hasToString("{\"price\":35.79}");
            assertThat(event.context().toString()).contains("\"loyalty\":\"gold\"");
        }
        Event text = UserEvents.of(events, "/clients/node|" + by + "-text");
        assertThat(text.userId()).isEqualTo("u2");
        assertThat(text.properties().toString()).contains("\"data\":").contains("seen");
        Event bytes = UserEvents.of(events, "/clients/node|" + by + "-bytes");
        assertThat(bytes.anonymousId()).isEqualTo("s3");
        assertThat(bytes.properties()).hasToString("{\"data_base64\":\"AQID\"}");
    }

    private static void send(DoorStage stage, Consumer<MessageWriter<?, ?>> event) {
        HttpRequest.Builder request = request(stage);
        event.accept(HttpMessageFactory.createWriter(
                request::header, body -> request.POST(BodyPublishers.ofByteArray(body == null ? new byte[0] : body))));
        assertTaken(stage, request);
    }

    private static HttpRequest.Builder request(DoorStage stage) {
        return HttpRequest.newBuilder(stage.uri("/v1/cloudevents")).header("Authorization", DoorStage.BASIC);
    }

    /** As SDKs do, comes again where it is told to. */
    private static void assertTaken(DoorStage stage, HttpRequest.Builder request) {
        DoorStage.until(() -> {
            HttpResponse<String> answer = stage.send(request.build());
            if (answer.statusCode() == 429 || answer.statusCode() == 503) {
                return false;
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            assertThat(answer.body()).isEmpty();
            return true;
        });
    }

    private static CloudEvent event(String id) {
        return CloudEventBuilder.v1()
                .withId(id)
                .withSource(URI.create(SOURCE))
                .withType("product_viewed")
                .withSubject("Juergen 100%")
                .withTime(OffsetDateTime.parse("2026-01-31T13:00:00+01:00"))
                .withExtension("loyalty", "gold")
                .withData("application/json", DATA)
                .build();
    }

    private static String text(CloudEvent event) {
        return new String(JSON.serialize(event), StandardCharsets.UTF_8);
    }
}
