package io.millrace.ingest.outcome;

import io.millrace.identity.Traceparent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** An operation of the contract, free of HTTP: whoever serves it implements it, the door binds it to its operationId. */
@FunctionalInterface
public interface Endpoint {
    /**
     * What was asked.
     *
     * @param caller the token's subject, or the source of a write key; not a secret
     * @param path the path's parameters, decoded
     * @param query the query's parameters, decoded, in their order
     * @param headers by their names in lower case, without Authorization; of those that came twice the first
     * @param body decompressed; empty where the contract promises none
     * @param trace the request's
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
    record Question(
            String caller,
            Map<String, String> path,
            Map<String, List<String>> query,
            Map<String, String> headers,
            byte[] body,
            Traceparent trace) {
        /** The only value of a query parameter, or its last; null where it is not given. */
        public @Nullable String parameter(String name) {
            List<String> values = query.get(name);
            return values == null || values.isEmpty() ? null : values.get(values.size() - 1);
        }
    }

    /** How a question was met. */
    enum Status {
        OK,
        CREATED,
        ACCEPTED,
        NO_CONTENT
    }

    /** What came of it. */
    sealed interface Reply {
        /** The answer's bytes, UTF-8 where they are text; none with {@link Status#NO_CONTENT}. */
        @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
        record Found(Status status, String contentType, byte[] body, Map<String, String> headers) implements Reply {
            public Found(Status status, String contentType, byte[] body) {
                this(status, contentType, body, Map.of());
            }

            public Found(String contentType, byte[] body) {
                this(Status.OK, contentType, body);
            }
        }

        /**
         * An answer that is made while it is written. Nothing may be held before it is subscribed to, because the client
         * may have gone by then. Chunks are asked for one by one, as the client takes them, and cancelled when it goes;
         * an error cuts the connection off, so that half an answer never looks whole.
         *
         * @param isEndless whether it ends only when the client or the door goes
         */
        record Stream(String contentType, boolean isEndless, Flow.Publisher<byte[]> chunks) implements Reply {}

        record Failed(Problem problem) implements Reply {}
    }

    /** Must not block; completes on any thread. A stage that fails is a bug and becomes a 500. */
    CompletionStage<Reply> answer(Question question);
}
