package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.identity.Traceparent;
import io.millrace.log.LogKeys.LogLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
    private static final Traceparent TRACE = new Traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    @Test
    void linesHaveTheSevenKeys_andTheTraceOfTheEvent(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("millrace.log");
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        Logs.configure(
                context,
                new LogConfig(
                        "ingest-api",
                        LogConfig.Reader.USER,
                        LogFormat.TEXT,
                        LogLevel.DEBUG,
                        Map.of("org.apache.kafka", LogLevel.INFO),
                        Optional.of(file)));

        context.getLogger("io.millrace.some.Place")
                .atDebug()
                .addKeyValue("trace", TRACE)
                .addKeyValue("event_id", "e1")
                .addKeyValue("events", 3)
                .setCause(new IllegalStateException("broken"))
                .log("Something \"quoted\"");
        context.getLogger("some.library").info("Plain");
        context.getLogger("some.library").debug("Chatter");
        context.getLogger("org.apache.kafka.clients.Something").info("Asked for");
        context.getLogger("io.vertx.Something").info("Noise");
        context.stop();

        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines =
                Files.readAllLines(file).stream().map(line -> read(json, line)).toList();
        assertThat(lines)
                .extracting(line -> line.path("message").asText())
                .containsExactly("Something \"quoted\"", "Plain", "Asked for");
        for (JsonNode line : lines) {
            assertThat(line.fieldNames())
                    .toIterable()
                    .containsExactly("timestamp", "level", "service", "trace_id", "span_id", "message", "context");
        }
        JsonNode first = lines.get(0);
        assertThat(first.path("service").asText()).isEqualTo("ingest-api");
        assertThat(first.path("trace_id").asText()).isEqualTo(TRACE.traceId());
        assertThat(first.path("span_id").asText()).isEqualTo(TRACE.spanId());
        assertThat(first.at("/context/event_id").asText()).isEqualTo("e1");
        assertThat(first.at("/context/events").isInt()).isTrue();
        assertThat(first.at("/context/stack").asText()).contains("broken", "LogsTest");
        assertThat(first.path("context").has("trace")).isFalse();
        assertThat(lines.get(1).path("trace_id").isNull()).isTrue();
    }

    @Test
    void ration_givesSoManyASecond() {
        Ration ration = new Ration(2);

        assertThat(List.of(ration.take(7), ration.take(7), ration.take(7), ration.take(8)))
                .containsExactly(true, true, false, true);
        assertThat(new Ration(0).take()).isFalse();
    }

    private static JsonNode read(ObjectMapper json, String line) {
        try {
            return json.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }
}
