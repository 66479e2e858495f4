package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.ingest.authorize.Role;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** What each of the SDKs is made to say in tests, by messages whose ids begin with a prefix. */
final class SdkCalls {
    /** Events that a model selects, beside one of each kind. */
    static final int VIEWS = 10;

    static final EventKind[] KINDS = {
        EventKind.IDENTIFY, EventKind.TRACK, EventKind.PAGE, EventKind.SCREEN, EventKind.GROUP, EventKind.ALIAS
    };

    private SdkCalls() {}

    /** Every call came through, as it was meant. */
    static void assertAll(Map<String, Event> events, String by) {
        for (EventKind kind : KINDS) {
            assertThat(UserEvents.of(events, by + "-" + kind.text()).kind()).isEqualTo(kind);
        }
        assertThat(UserEvents.of(events, by + "-identify").traits()).hasToString("{\"plan\":\"member\"}");
        assertThat(UserEvents.of(events, by + "-track").name()).isEqualTo("product_viewed");
        assertThat(UserEvents.of(events, by + "-track").properties()).hasToString("{\"price\":35.79}");
        assertThat(UserEvents.of(events, by + "-page").name()).isEqualTo("Home");
        assertThat(UserEvents.of(events, by + "-group").context().toString()).contains("\"groupId\":\"g1\"");
        assertThat(UserEvents.of(events, by + "-alias").context().toString()).contains("\"previousId\":\"a1\"");
        assertThat(UserEvents.of(events, by + "-track").times().original()).isNotNull();
        assertThat(UserEvents.of(events, by + "-track").times().sent()).isNotNull();
    }

    /** An event that a model selects. */
    static String view(String id, int price) {
        return "{\"id\":\"%s\",\"name\":\"product_viewed\",\"properties\":{\"price\":%d}}".formatted(id, price);
    }

    /** Runs one of the scripts for Node to its end. */
    static void run(String name, String url, String prefix) {
        try {
            ClientsIT.needNode();
            Path script = ClientsIT.NODE.resolve(name);
            Files.copy(ClientsIT.SOURCES.resolve(name), script, StandardCopyOption.REPLACE_EXISTING);
            ClientsIT.run(ClientsIT.NODE, List.of("node", script.toString(), url, DoorStage.WRITE_KEY, prefix));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isReady(DoorStage stage, String url) {
        return read(stage, url, "/readyz").statusCode() == 200;
    }

    /** Requests, or batches of messages, that the broker was not there for. */
    static double unavailable(DoorStage stage, String url, String operation) {
        return read(stage, url, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("millrace_ingest_requests_total{")
                        && line.contains('"' + operation + '"')
                        && line.contains("\"unavailable\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static HttpResponse<String> read(DoorStage stage, String url, String path) {
        return stage.send(HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", stage.bearer(Role.OPERATOR))
                .build());
    }
}
