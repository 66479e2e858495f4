package io.millrace.standalone.simulate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One shopper's session: a landing page, products looked at within one or two categories, some put into the cart, now
 * and then an order. How likely each step is depends on how much the shopper means to buy, which nobody sees.
 */
final class Visit {
    private static final double MEDIAN_SECONDS_BETWEEN = 12;
    private static final double SPREAD = 0.9;

    private final Catalogue catalogue;
    private final RandomGenerator random;
    private final String session;
    private final Shopper shopper;
    private final double intent;
    private final List<Product> cart = new ArrayList<>();
    private int category;
    private int steps;
    private boolean ended;
    private Instant next;

    Visit(Catalogue catalogue, RandomGenerator random, Shopper shopper, String session, Instant start) {
        this.catalogue = catalogue;
        this.random = random;
        this.shopper = shopper;
        this.session = session;
        this.next = start;
        intent = Math.pow(random.nextDouble(), 2) * shopper.means();
        category = random.nextInt(catalogue.categories());
    }

    Instant next() {
        return next;
    }

    boolean ended() {
        return ended;
    }

    /** Does the next step and decides when the one after it comes. */
    SimulatedEvent step() {
        Instant now = next;
        ObjectNode body = steps == 0 ? landing() : action();
        body.put("id", session + "-" + steps).put("timestamp", now.toString());
        if (shopper.known()) {
            body.put("userId", shopper.id());
        } else {
            body.put("anonymousId", shopper.id());
        }
        steps++;
        double seconds = MEDIAN_SECONDS_BETWEEN * Math.exp(SPREAD * random.nextGaussian());
        next = now.plus(Duration.ofMillis(Math.max(300, Math.round(seconds * 1000))));
        return new SimulatedEvent(now, shopper.id(), JsonObject.of(body.toString()));
    }

    private ObjectNode landing() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (shopper.known() && random.nextInt(3) == 0) {
            body.put("kind", "identify")
                    .putObject("traits")
                    .put("plan", shopper.plan())
                    .put("country", shopper.country())
                    .put("age", shopper.age());
            return body;
        }
        body.put("kind", "page").put("name", "home").putObject("properties").put("session_id", session);
        return body;
    }

    private ObjectNode action() {
        double draw = random.nextDouble();
        if (!cart.isEmpty() && draw < 0.05 + 0.20 * intent) {
            return order();
        }
        if (!cart.isEmpty() && draw > 0.97) {
            return product("product_removed", cart.remove(cart.size() - 1));
        }
        if (random.nextDouble() < 0.12) {
            category = random.nextInt(catalogue.categories());
        }
        Product product = catalogue.draw(category, random);
        if (steps > 1 && random.nextDouble() < 0.012 + 0.12 * intent) {
            cart.add(product);
            return product("product_added", product);
        }
        ended = random.nextDouble() < 0.16 - 0.10 * intent;
        return product("product_viewed", product);
    }

    private ObjectNode order() {
        double total = cart.stream().mapToDouble(Product::price).sum();
        ObjectNode body = product("order_completed", cart.get(cart.size() - 1));
        ((ObjectNode) body.get("properties"))
                .put("price", Math.round(total * 100) / 100.0)
                .put("products", cart.size());
        cart.clear();
        ended = true;
        return body;
    }

    private ObjectNode product(String name, Product product) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name);
        body.putObject("properties")
                .put("product_id", product.id())
                .put("category_id", product.categoryId())
                .put("category", product.category())
                .put("brand", product.brand())
                .put("price", product.price())
                .put("currency", "EUR")
                .put("session_id", session);
        return body;
    }
}
