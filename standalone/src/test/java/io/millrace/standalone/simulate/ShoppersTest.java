package io.millrace.standalone.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShoppersTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void sameEvents_whenSeedAndStartAreTheSame() {
        assertThat(bodies(1, 500)).isEqualTo(bodies(1, 500)).isNotEqualTo(bodies(2, 500));
    }

    @Test
    void eventsComeInOrderAtTheRate_withIdsOfTheirOwn() throws IOException {
        Shoppers shoppers = new Shoppers(50, 300, 3, START);
        Set<String> ids = new HashSet<>();
        Instant last = START;

        int count = 0;
        while (last.isBefore(START.plus(Duration.ofHours(1)))) {
            SimulatedEvent event = shoppers.next();
            assertThat(event.at()).isAfterOrEqualTo(last);
            assertThat(ids.add(tree(event).get("id").asText())).isTrue();
            last = event.at();
            count++;
        }

        assertThat(count / 3600.0).isCloseTo(50, within(5.0));
    }

    @Test
    void ordersFollowCarts_inTheSameSession() throws IOException {
        Shoppers shoppers = new Shoppers(20, 200, 4, START);
        Map<String, Integer> carts = new HashMap<>();
        int views = 0;
        int orders = 0;

        for (int i = 0; i < 20_000; i++) {
            JsonNode event = tree(shoppers.next());
            String session = event.path("properties").path("session_id").asText();
            switch (event.path("name").asText()) {
                case "product_viewed" -> views++;
                case "product_added" -> carts.merge(session, 1, Integer::sum);
                case "product_removed" -> carts.merge(session, -1, Integer::sum);
                case "order_completed" -> {
                    orders++;
                    assertThat(carts.remove(session)).isPositive();
                    assertThat(event.at("/properties/price").asDouble()).isPositive();
                }
                default -> assertThat(event.path("kind").asText()).isIn("page", "identify");
            }
        }

        assertThat(orders).isBetween(50, views / 10);
    }

    @Test
    void firstRankIsTheCommonest_byZipfsLaw() {
        Zipf zipf = new Zipf(100, 1);
        SplittableRandom random = new SplittableRandom(1);
        int[] drawn = new int[100];

        IntStream.range(0, 100_000).forEach(i -> drawn[zipf.draw(random)]++);

        assertThat((double) drawn[0] / drawn[9]).isCloseTo(10, within(1.5));
        assertThat(drawn[99]).isPositive();
    }

    private static List<String> bodies(long seed, int count) {
        Shoppers shoppers = new Shoppers(5, 50, seed, START);
        return new ArrayList<>(Stream.generate(() -> shoppers.next().body().toString())
                .limit(count)
                .toList());
    }

    private static JsonNode tree(SimulatedEvent event) throws IOException {
        return JSON.readTree(event.body().toString());
    }
}
