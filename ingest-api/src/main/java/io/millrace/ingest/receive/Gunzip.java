package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Decompresses a body up to its limit: a few kilobytes can stand for gigabytes, and none of those is ever made. */
final class Gunzip {
    private static final int LEAST_BUFFER = 512;
    private static final int TRAILER = 8;

    /** What came out. */
    sealed interface Result {
        @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
        record Body(byte[] bytes) implements Result {}

        record Unreadable(Problem problem) implements Result {}
    }

    private Gunzip() {}

    /** The JDK's reader takes whatever follows a member and is none for the end, and says nothing. */
    private static final class Members extends GZIPInputStream {
        /** With all of the body in its buffer at once, what the reader left there is what it did not take. */
        Members(byte[] compressed) throws IOException {
            super(new ByteArrayInputStream(compressed), Math.max(LEAST_BUFFER, compressed.length));
        }

        boolean isWhole() {
            return inf.getRemaining() == TRAILER;
        }
    }

    static Result decompress(byte[] compressed, int limit) {
        try (Members stream = new Members(compressed)) {
            byte[] bytes = stream.readNBytes(limit + 1);
            if (bytes.length > limit) {
                return new Result.Unreadable(new Problem.BodyTooLarge(limit));
            }
            return stream.isWhole()
                    ? new Result.Body(bytes)
                    : new Result.Unreadable(new Problem.BadRequest(
                            "the body: expected nothing but gzip, and after its end there is something else"));
        } catch (IOException e) {
            return new Result.Unreadable(
                    new Problem.BadRequest("the body: Content-Encoding says gzip, and it is none or breaks off"));
        }
    }
}
