package io.millrace.standalone.chaos.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

/** What one client's users do: most of it selected by one of the models that come with Millrace, some by none. Not thread-safe. */
final class Shopping {
    private static final int PRODUCTS = 200;

    private final int client;
    private final int users;
    private final RandomGenerator random;
    private long next;

    /**
     * An event to post.
     *
     * @param name empty for one that has none
     * @param body as it is posted
     */
    record Event(String id, String user, String name, String body) {}

    Shopping(int client, int users, RandomGenerator random) {
        this.client = client;
        this.users = users;
        this.random = random;
    }

    Event next() {
        String id = "c" + client + "-" + next++;
        String user = "c" + client + "u" + random.nextInt(users);
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("userId", user)
                // The client's own clock, so that a door's may go wrong.
                .put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        String name = name();
        if (name.isEmpty()) {
            body.put("kind", "identify").putObject("traits").put("plan", "plus").put("age", 20 + random.nextInt(50));
        } else {
            body.put("name", name);
            properties(name, body.putObject("properties"));
        }
        return new Event(id, user, name, body.toString());
    }

    private String name() {
        int draw = random.nextInt(100);
        if (draw < 70) {
            return "product_viewed";
        } else if (draw < 82) {
            return "product_added";
        } else if (draw < 87) {
            return "order_placed";
        } else if (draw < 92) {
            return "page_edited";
        }
        return draw < 97 ? "search" : "";
    }

    private void properties(String name, ObjectNode properties) {
        switch (name) {
            case "order_placed" ->
                properties
                        .put("total", 10 + random.nextInt(9000) / 100.0)
                        .put("lines", 1 + random.nextInt(9))
                        .put("items", 1 + random.nextInt(30))
                        .put("country", "United Kingdom");
            case "page_edited" ->
                properties
                        .put("isMinor", random.nextBoolean())
                        .put("isNew", random.nextBoolean())
                        .put("namespace", 0)
                        .put("delta", random.nextInt(500) - 250)
                        .put("added", random.nextInt(250))
                        .put("deleted", random.nextInt(250))
                        .put("page", "P" + random.nextInt(PRODUCTS));
            default -> {
                int product = random.nextInt(PRODUCTS);
                properties
                        .put("product_id", "p" + product)
                        .put("category_id", "k" + product % 12)
                        .put("category", "c" + product % 12)
                        .put("brand", "b" + product % 7)
                        .put("price", 1 + product % 90);
            }
        }
    }
}
