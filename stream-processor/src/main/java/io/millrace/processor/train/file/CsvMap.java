package io.millrace.processor.train.file;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes events of public CSV files' rows, under the event names and properties that Millrace's models use. A column that
 * is empty is left out.
 */
final class CsvMap {
    static final List<String> TAOBAO_COLUMNS = List.of("user", "item", "category", "behavior", "time");

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("view", "product_viewed"),
            Map.entry("cart", "product_added"),
            Map.entry("remove_from_cart", "product_removed"),
            Map.entry("purchase", "order_completed"),
            Map.entry("addtocart", "product_added"),
            Map.entry("transaction", "order_completed"),
            Map.entry("pv", "product_viewed"),
            Map.entry("fav", "product_favorited"),
            Map.entry("buy", "order_completed"));

    private CsvMap() {}

    /** The columns that a file of the format must have. */
    static List<String> needed(FileFormat format) {
        return switch (format) {
            case REES46 -> List.of("event_time", "event_type", "product_id", "user_id", "user_session");
            case RETAILROCKET -> List.of("timestamp", "visitorid", "event", "itemid");
            case UCI_ONLINE_RETAIL, UCI_ONLINE_RETAIL_ORDERS ->
                List.of("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice");
            case TAOBAO -> TAOBAO_COLUMNS;
            case GLOBO_CLICKS -> List.of("user_id", "session_id", "click_article_id", "click_timestamp");
            case NDJSON, CSV, WIKIPEDIA_EDITS, TABLE -> List.of();
        };
    }

    /**
     * The event of a row, without its id.
     *
     * @param columns of the file
     * @param line where the row stands in its file
     * @throws IllegalArgumentException if the row has not the header's columns, or a value is no number or known name
     * @throws java.time.DateTimeException if its time is none
     */
    static ObjectNode body(FileFormat format, List<String> columns, List<String> values, long line) {
        if (values.size() != columns.size()) {
            throw new IllegalArgumentException(values.size() + " columns, expected " + columns.size());
        }
        Row row = new Row(columns, values);
        return switch (format) {
            case REES46 -> rees46(row);
            case RETAILROCKET -> retailrocket(row);
            case TAOBAO -> taobao(row);
            case UCI_ONLINE_RETAIL, UCI_ONLINE_RETAIL_ORDERS -> invoiceLine(row);
            case GLOBO_CLICKS -> click(row);
            case TABLE -> record(row, line);
            case NDJSON, CSV, WIKIPEDIA_EDITS -> throw new IllegalStateException(format + " has no columns of its own");
        };
    }

    private static ObjectNode rees46(Row row) {
        String time = row.get("event_time");
        ObjectNode event = event(
                "userId",
                row.get("user_id"),
                name(row.get("event_type")),
                LocalDateTime.parse(time.replace(" UTC", ""), SECONDS).toInstant(ZoneOffset.UTC));
        ObjectNode properties = event.putObject("properties");
        row.text("product_id", properties, "product_id");
        row.text("category_id", properties, "category_id");
        row.text("category_code", properties, "category");
        row.text("brand", properties, "brand");
        row.number("price", properties, "price");
        row.text("user_session", properties, "session_id");
        return event;
    }

    private static ObjectNode retailrocket(Row row) {
        ObjectNode event = event(
                "anonymousId",
                row.get("visitorid"),
                name(row.get("event")),
                Instant.ofEpochMilli(Long.parseLong(row.get("timestamp"))));
        ObjectNode properties = event.putObject("properties");
        row.text("itemid", properties, "product_id");
        row.text("transactionid", properties, "order_id");
        return event;
    }

    private static ObjectNode taobao(Row row) {
        ObjectNode event = event(
                "userId",
                row.get("user"),
                name(row.get("behavior")),
                Instant.ofEpochSecond(Long.parseLong(row.get("time"))));
        ObjectNode properties = event.putObject("properties");
        row.text("item", properties, "product_id");
        row.text("category", properties, "category_id");
        return event;
    }

    /** An invoice's lines are events of their own; one without a customer belongs to its invoice. */
    private static ObjectNode invoiceLine(Row row) {
        String invoice = row.get("InvoiceNo");
        String customer = row.get("CustomerID").replaceFirst("\\.0$", "");
        Instant time = LocalDateTime.parse(row.get("InvoiceDate"), SECONDS).toInstant(ZoneOffset.UTC);
        String name = invoice.startsWith("C") ? "product_returned" : "product_ordered";
        ObjectNode event = customer.isEmpty()
                ? event("anonymousId", "invoice-" + invoice, name, time)
                : event("userId", customer, name, time);
        ObjectNode properties = event.putObject("properties");
        row.text("InvoiceNo", properties, "order_id");
        row.text("StockCode", properties, "product_id");
        row.number("Quantity", properties, "quantity");
        row.number("UnitPrice", properties, "price");
        properties.put("total", Double.parseDouble(row.get("Quantity")) * Double.parseDouble(row.get("UnitPrice")));
        row.text("Country", properties, "country");
        return event;
    }

    /** {@code session_size} stays behind: it counts clicks that are still to come. */
    private static ObjectNode click(Row row) {
        ObjectNode event = event(
                "userId",
                row.get("user_id"),
                "article_clicked",
                Instant.ofEpochMilli(Long.parseLong(row.get("click_timestamp"))));
        ObjectNode properties = event.putObject("properties");
        row.text("click_article_id", properties, "article_id");
        row.text("session_id", properties, "session_id");
        row.text("click_environment", properties, "environment");
        row.text("click_deviceGroup", properties, "device_group");
        row.text("click_os", properties, "os");
        row.text("click_country", properties, "country");
        row.text("click_region", properties, "region");
        row.text("click_referrer_type", properties, "referrer_type");
        return event;
    }

    /** A row has no time and no user of its own: it gets a second and a user to itself, so that no row knows another. */
    private static ObjectNode record(Row row, long line) {
        ObjectNode event = event("anonymousId", "row-" + line, "row", Instant.ofEpochSecond(line));
        ObjectNode properties = event.putObject("properties");
        for (String column : row.columns()) {
            if (!row.get(column).isEmpty()) {
                properties.set(column, ColumnMap.value(row.get(column)));
            }
        }
        return event;
    }

    private static ObjectNode event(String userField, String user, String name, Instant time) {
        if (user.isEmpty()) {
            throw new IllegalArgumentException("no user");
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put(userField, user)
                .put("name", name)
                .put("timestamp", DateTimeFormatter.ISO_INSTANT.format(time));
    }

    private static String name(String theirs) {
        String ours = NAMES.get(theirs);
        if (ours == null) {
            throw new IllegalArgumentException("event \"" + theirs + "\" is not known");
        }
        return ours;
    }

    private record Row(List<String> columns, List<String> values) {
        String get(String column) {
            int index = columns.indexOf(column);
            return index < 0 ? "" : values.get(index).strip();
        }

        void text(String column, ObjectNode target, String property) {
            String value = get(column);
            if (!value.isEmpty()) {
                target.put(property, value);
            }
        }

        void number(String column, ObjectNode target, String property) {
            String value = get(column);
            if (!value.isEmpty()) {
                target.put(property, Double.parseDouble(value));
            }
        }
    }
}
