package io.millrace.processor.train.file;

import java.util.Locale;

/** The shapes of event files that can be read. */
public enum FileFormat {
    /** One JSON object a line, as a producer would post it; with {@link Columns}, of any fields. */
    NDJSON,
    /** Any CSV, as {@link Columns} reads it. */
    CSV,
    /** {@code event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session}. */
    REES46,
    /** {@code timestamp,visitorid,event,itemid,transactionid}; times in milliseconds. */
    RETAILROCKET,
    /** No header: user, item, category, pv|cart|fav|buy, time in seconds. */
    TAOBAO,
    /** {@code InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country}: an invoice line each. */
    UCI_ONLINE_RETAIL,
    /** The same files, the lines of an invoice together as one order. */
    UCI_ONLINE_RETAIL_ORDERS,
    /** One JSON object a line: an edit of a Wikipedia, as in Apache Druid's sample. Comments are left out. */
    WIKIPEDIA_EDITS,
    /** {@code user_id,session_id,…,click_article_id,click_timestamp,…}; what tells a session's length is left out. */
    GLOBO_CLICKS,
    /** Any CSV with a header: rows that are no events, each a user of its own. For training alone, not for a stream. */
    TABLE;

    /** As a command line names it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static FileFormat parse(String text) {
        for (FileFormat format : values()) {
            if (format.text().equals(text)) {
                return format;
            }
        }
        StringBuilder expected = new StringBuilder();
        for (FileFormat format : values()) {
            expected.append(expected.isEmpty() ? "" : ", ").append(format.text());
        }
        throw new IllegalArgumentException("file format \"" + text + "\": expected one of " + expected);
    }
}
