package io.millrace.processor.train.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;

/**
 * Makes one event of the lines of an invoice, which stand together: {@code order_placed}, {@code order_cancelled} where
 * they take back, and {@code guest_order_placed} of somebody without a customer number, who can never be known to return.
 */
final class Orders {
    private final ObjectNode first;
    private final String invoice;
    private final Set<String> products = new HashSet<>();
    private int lines;
    private double items;
    private double total;

    /** Begins an order with the event of its first line. */
    Orders(ObjectNode line) {
        first = line;
        invoice = invoice(line);
        add(line);
    }

    /** Whether a line's event is of this order. */
    boolean has(ObjectNode line) {
        return invoice.equals(invoice(line));
    }

    void add(ObjectNode line) {
        lines++;
        items += line.at("/properties/quantity").asDouble();
        total += line.at("/properties/total").asDouble();
        products.add(line.at("/properties/product_id").asText());
    }

    /** The order, under the time of its first line. */
    ObjectNode body() {
        boolean returned = first.path("name").asText().equals("product_returned");
        String name = returned ? "order_cancelled" : first.has("userId") ? "order_placed" : "guest_order_placed";
        ObjectNode event = first.deepCopy();
        event.put("name", name);
        ObjectNode properties = event.putObject("properties");
        properties.put("order_id", invoice);
        properties.put("lines", lines);
        properties.put("products", products.size());
        properties.put("items", items);
        properties.put("total", Math.rint(total * 100) / 100);
        if (first.at("/properties/country").isTextual()) {
            properties.set("country", first.at("/properties/country"));
        }
        return event;
    }

    private static String invoice(ObjectNode line) {
        return line.at("/properties/order_id").asText();
    }
}
