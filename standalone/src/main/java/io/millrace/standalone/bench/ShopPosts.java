package io.millrace.standalone.bench;

import io.millrace.standalone.bench.load.HttpPost;
import io.millrace.standalone.bench.load.Requests;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The events that doors are compared with, in the words that each expects; a page view each, about 250 bytes. */
final class ShopPosts {
    private static final int SINGLES = 1_000;
    private static final int BATCHES = 50;
    static final int BATCH = 100;

    /** What a door calls things. */
    enum Words {
        MILLRACE("id", "name", "/v1/events", "/v1/events"),
        /** The services that Millrace is measured against. */
        PEER("eventId", "type", "/v1/events", "/v1/events/batch");

        private final String id;
        private final String name;
        private final String singlePath;
        private final String batchPath;

        Words(String id, String name, String singlePath, String batchPath) {
            this.id = id;
            this.name = name;
            this.singlePath = singlePath;
            this.batchPath = batchPath;
        }
    }

    private ShopPosts() {}

    /** @param events in one request: 1, or {@link #BATCH} */
    static Requests of(InetSocketAddress door, Words words, Map<String, String> headers, int events) {
        List<byte[]> posts = new ArrayList<>();
        for (int i = 0; i < (events == 1 ? SINGLES : BATCHES); i++) {
            String body = events == 1 ? event(words, i) : batch(words, i);
            String path = events == 1 ? words.singlePath : words.batchPath;
            posts.add(HttpPost.of(door, path, headers, body).bytes());
        }
        return (number, into) -> into.put(posts.get((int) (number % posts.size())));
    }

    private static String batch(Words words, int number) {
        StringJoiner events = new StringJoiner(",", "[", "]");
        for (int i = 0; i < BATCH; i++) {
            events.add(event(words, number * BATCH + i));
        }
        return events.toString();
    }

    private static String event(Words words, int number) {
        return String.format(
                Locale.ROOT,
                "{\"%s\":\"550e8400-e29b-41d4-a716-%012x\",\"userId\":\"user-%d\",\"%s\":\"page_view\","
                        + "\"timestamp\":\"2026-07-01T12:00:00.%03dZ\",\"properties\":{\"page\":\"/products/%d\","
                        + "\"referrer\":\"https://example.com/\",\"durationMs\":%d,\"device\":\"mobile\",\"country\":\"DE\"}}",
                words.id,
                number,
                number * 7_919L % 100_000,
                words.name,
                number % 1_000,
                number,
                number * 3L);
    }
}
