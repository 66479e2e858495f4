package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Decompresses a body up to its limit: a few kilobytes can stand for gigabytes, and none of those is ever made. */
final class Gunzip {
    private static final int READ_BUFFER = 8 * 1024;

    /** What came out. */
    sealed interface Result {
        @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
        record Body(byte[] bytes) implements Result {}

        record Unreadable(Problem problem) implements Result {}
    }

    private Gunzip() {}

    static Result decompress(byte[] compressed, int limit) {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(compressed), READ_BUFFER)) {
            byte[] bytes = stream.readNBytes(limit + 1);
            return bytes.length > limit
                    ? new Result.Unreadable(new Problem.BodyTooLarge(limit))
                    : new Result.Body(bytes);
        } catch (IOException e) {
            return new Result.Unreadable(
                    new Problem.BadRequest("the body: Content-Encoding says gzip, and it is none or breaks off"));
        }
    }
}
