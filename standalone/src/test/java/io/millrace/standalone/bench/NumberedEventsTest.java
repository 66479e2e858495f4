package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.bench.load.Requests;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NumberedEventsTest {
    private static final InetSocketAddress DOOR = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
    private final ByteBuffer buffer = ByteBuffer.allocate(Requests.MOST_BYTES);

    @Test
    void idsGoOn_fromWhereARunBegins() throws Exception {
        NumberedEvents events = new NumberedEvents(DOOR, "key");

        events.beginAt(98_765_432_100L % 10_000_000_000L);
        JsonNode event = body(events, 3);

        assertThat(event.path("id").asText()).isEqualTo("lat-8765432103");
        assertThat(event.path("userId").asText()).matches("user-\\d{6}");
        assertThat(event.path("properties").path("price").isNumber()).isTrue();
    }

    @Test
    void postsToOthers_haveTheirWords() throws Exception {
        JsonNode own = body(ShopPosts.of(DOOR, ShopPosts.Words.MILLRACE, Map.of(), 1), 7);
        JsonNode theirs = body(ShopPosts.of(DOOR, ShopPosts.Words.PEER, Map.of(), 1), 7);
        JsonNode batch = body(ShopPosts.of(DOOR, ShopPosts.Words.PEER, Map.of(), ShopPosts.BATCH), 0);

        assertThat(theirs.path("eventId")).isEqualTo(own.path("id"));
        assertThat(theirs.path("type")).isEqualTo(own.path("name"));
        assertThat(theirs.path("properties")).isEqualTo(own.path("properties"));
        assertThat(batch).hasSize(ShopPosts.BATCH);
        assertThat(batch.path(7)).isEqualTo(theirs);
    }

    private JsonNode body(Requests requests, long number) throws Exception {
        buffer.clear();
        requests.put(number, buffer);
        String all = new String(buffer.array(), 0, buffer.position(), UTF_8);
        String[] parts = all.split("\r\n\r\n", 2);
        assertThat(parts[0]).contains("content-length: " + parts[1].length());
        return new ObjectMapper().readTree(parts[1]);
    }
}
