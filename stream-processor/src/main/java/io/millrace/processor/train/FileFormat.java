package io.millrace.processor.train;

import java.util.Locale;

/** The shapes of event files that can be read. */
public enum FileFormat {
    /** One JSON object a line, as a producer would post it. */
    NDJSON,
    /** {@code event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session}. */
    REES46,
    /** {@code timestamp,visitorid,event,itemid,transactionid}; times in milliseconds. */
    RETAILROCKET,
    /** No header: user, item, category, pv|cart|fav|buy, time in seconds. */
    TAOBAO,
    /** {@code InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country}: an invoice line each. */
    UCI_ONLINE_RETAIL;

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
