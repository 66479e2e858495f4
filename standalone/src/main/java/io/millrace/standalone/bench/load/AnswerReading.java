package io.millrace.standalone.bench.load;

import java.nio.ByteBuffer;

/** Reads one answer after the other from a connection: only its status and where it ends, and keeps nothing else. */
final class AnswerReading {
    private static final byte[] LENGTH = lower("content-length:");
    private static final byte[] CHUNKED = lower("transfer-encoding:");

    private enum Place {
        STATUS,
        HEAD,
        BODY
    }

    private Place place = Place.STATUS;
    /** Of the line, up to here. */
    private int column;
    /** How much of each header's name the line's beginning is; -1 where it is another. */
    private int lengthMatched;

    private int chunkedMatched;
    private int status;
    private long left;

    /** @return whether an answer has ended; what follows it stays in the buffer */
    boolean read(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (place == Place.BODY) {
                int taken = (int) Math.min(left, bytes.remaining());
                bytes.position(bytes.position() + taken);
                left -= taken;
            } else {
                head(bytes.get());
            }
            if (place == Place.BODY && left == 0) {
                place = Place.STATUS;
                column = 0;
                return true;
            }
        }
        return false;
    }

    /** Of the answer that ended last. */
    int status() {
        return status;
    }

    private void head(byte one) {
        if (one == '\r') {
            return;
        }
        if (one == '\n') {
            endLine();
            return;
        }
        if (place == Place.STATUS) {
            // HTTP/1.1 202 Accepted
            if (column >= 9 && column < 12) {
                status = column == 9 ? one - '0' : status * 10 + one - '0';
            }
        } else {
            header(one);
        }
        column++;
    }

    private void header(byte one) {
        if (lengthMatched == LENGTH.length) {
            if (one >= '0' && one <= '9') {
                left = left * 10 + one - '0';
            }
            return;
        }
        byte small = one >= 'A' && one <= 'Z' ? (byte) (one + 'a' - 'A') : one;
        lengthMatched = matched(LENGTH, lengthMatched, small);
        chunkedMatched = matched(CHUNKED, chunkedMatched, small);
        if (chunkedMatched == CHUNKED.length) {
            throw new UnreadableAnswerException("an answer in chunks: expected one with a content-length");
        }
    }

    private int matched(byte[] name, int before, byte one) {
        return before == column && column < name.length && name[column] == one
                ? before + 1
                : before == column ? -1 : before;
    }

    private void endLine() {
        if (place == Place.STATUS) {
            place = Place.HEAD;
            left = 0;
        } else if (column == 0) {
            place = Place.BODY;
        }
        column = 0;
        lengthMatched = 0;
        chunkedMatched = 0;
    }

    private static byte[] lower(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
