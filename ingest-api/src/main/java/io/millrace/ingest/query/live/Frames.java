package io.millrace.ingest.query.live;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What is sent, in the format of Server-Sent Events.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">the format</a>
 */
final class Frames {
    static final String CONTENT_TYPE = "text/event-stream; charset=utf-8";

    /** When a client that was cut off is to come back. */
    private static final Duration RETRY = Duration.ofSeconds(3);

    private Frames() {}

    /** The first words, before anything has happened. */
    static byte[] hello() {
        return ascii("retry: " + RETRY.toMillis() + "\n\n");
    }

    /** Shows that the connection lives. */
    static byte[] heartbeat() {
        return ascii(": \n\n");
    }

    /** Moves the client's last event id on without an event: a block without data is not dispatched. */
    static byte[] position(Positions positions) {
        return ascii(": \nid: " + positions.id() + "\n\n");
    }

    /** A prediction as it is on the topic, in one line. */
    static byte[] prediction(Positions after, byte[] json) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(json.length + 128);
        frame.writeBytes(ascii("event: prediction\nid: " + after.id() + "\ndata: "));
        for (byte b : json) {
            // In JSON they stand only between values, where a space does as well; here they would end the line.
            frame.write(b == '\n' || b == '\r' ? ' ' : b);
        }
        frame.writeBytes(ascii("\n\n"));
        return frame.toByteArray();
    }

    /**
     * What stood between two offsets of a partition is not there any more; some of it may have been the client's.
     */
    static byte[] gap(Positions after, int partition, long from, long to) {
        return ascii("event: gap\nid: " + after.id() + "\ndata: {\"partition\":" + partition + ",\"from\":" + from
                + ",\"to\":" + to + "}\n\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
