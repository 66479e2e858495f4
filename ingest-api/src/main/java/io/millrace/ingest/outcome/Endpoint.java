package io.millrace.ingest.outcome;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An operation that only reads, free of HTTP: the read side implements it, the door binds it to its operationId. */
@FunctionalInterface
public interface Endpoint {
    /**
     * What was asked.
     *
     * @param path the path's parameters, decoded
     * @param query the query's parameters, decoded, in their order
     */
    record Question(Map<String, String> path, Map<String, List<String>> query) {
        /** The only value of a query parameter, or its last; null where it is not given. */
        public @Nullable String parameter(String name) {
            List<String> values = query.get(name);
            return values == null || values.isEmpty() ? null : values.get(values.size() - 1);
        }
    }

    /** What came of it. */
    sealed interface Reply {
        /** The answer's bytes, UTF-8 where they are text. */
        @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
        record Found(String contentType, byte[] body) implements Reply {}

        record Failed(Problem problem) implements Reply {}
    }

    /** Must not block; completes on any thread. A stage that fails is a bug and becomes a 500. */
    CompletionStage<Reply> answer(Question question);
}
