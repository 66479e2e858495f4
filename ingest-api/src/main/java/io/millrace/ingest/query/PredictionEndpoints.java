package io.millrace.ingest.query;

import io.millrace.codec.Timestamps;
import io.millrace.identity.Source;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.millrace.prediction.Role;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The read side's operations: parameters in, predictions out, a page as JSON or all of
 * them as a stream of lines. Thread-safe. */
public final class PredictionEndpoints {
    private static final int USUAL_LIMIT = 100;
    /** The rows of a stream have no limit unless one is given, and then at most so many. */
    static final int MOST_ROWS = 1_000_000;

    private static final String USER_ID = "userId";

    private final Predictions predictions;
    private final Exports exports;
    private final Executor readers;

    /**
     * Binds the reader.
     *
     * @param readers runs the blocking reads; rejects what it cannot take, which becomes a 429
     */
    public PredictionEndpoints(Predictions predictions, Exports exports, Executor readers) {
        this.predictions = predictions;
        this.exports = exports;
        this.readers = readers;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of("listPredictions", this::answer, "listUserPredictions", this::answer);
    }

    private CompletionStage<Reply> answer(Question question) {
        Supplier<Reply> read;
        try {
            String user = question.path().get(USER_ID);
            Parameters parameters = new Parameters(question);
            String accept = question.headers().get("accept");
            Optional<Format> format = Optional.ofNullable(
                            parameters.value("format", Format::parse, "json, ndjson or csv"))
                    .or(() -> Format.accepted(accept));
            if (format.isEmpty()) {
                return failed(new Problem.NotAcceptable(Format.expected(String.valueOf(accept))));
            }
            read = read(parameters, user != null ? user : parameters.text(USER_ID), format.get());
        } catch (IllegalArgumentException e) {
            return failed(new Problem.BadRequest(String.valueOf(e.getMessage())));
        }
        try {
            return CompletableFuture.supplyAsync(read, readers);
        } catch (RejectedExecutionException e) {
            return failed(new Problem.Overloaded("too many reads wait already", Answer.RETRY_AFTER));
        }
    }

    private Supplier<Reply> read(Parameters parameters, @Nullable String user, Format format) {
        boolean paged = format == Format.JSON;
        int most = paged ? PredictionQuery.MAX_LIMIT : MOST_ROWS;
        Integer limit = parameters.value("limit", text -> within(text, most), "1 to " + most);
        PredictionQuery query = query(
                parameters, user, paged ? Objects.requireNonNullElse(limit, USUAL_LIMIT) : PredictionQuery.MAX_LIMIT);
        return paged
                ? () -> reply(predictions.read(query))
                : () -> exports.begin(query, format, limit == null ? Long.MAX_VALUE : limit);
    }

    private static int within(String text, int most) {
        int limit = Integer.parseInt(text);
        if (limit < 1 || limit > most) {
            throw new IllegalArgumentException(text);
        }
        return limit;
    }

    private static CompletionStage<Reply> failed(Problem problem) {
        return CompletableFuture.completedFuture(new Reply.Failed(problem));
    }

    private static PredictionQuery query(Parameters parameters, @Nullable String user, int limit) {
        return PredictionQuery.newest(limit)
                .userId(user)
                .source(parameters.value("source", Source::new, "the name of a source"))
                .eventId(parameters.text("eventId"))
                .model(parameters.text("model"))
                .version(parameters.text("version"))
                .role(parameters.value("role", Role::parse, "champion, canary or shadow"))
                .withoutShadows()
                .label(parameters.text("label"))
                .minScore(parameters.number("minScore"))
                .maxScore(parameters.number("maxScore"))
                .from(parameters.value("from", Timestamps::parse, "ISO 8601 with an offset"))
                .to(parameters.value("to", Timestamps::parse, "ISO 8601 with an offset"))
                .cursor(parameters.text("cursor"))
                .build();
    }

    private static Reply reply(Answer answer) {
        return answer instanceof Answer.Page page
                ? new Reply.Found(Format.JSON.contentType(), json(page))
                : new Reply.Failed(Answer.problem(answer));
    }

    private static byte[] json(Answer.Page page) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.writeBytes(ascii("{\"predictions\":["));
        for (int i = 0; i < page.predictions().size(); i++) {
            if (i > 0) {
                json.write(',');
            }
            json.writeBytes(page.predictions().get(i));
        }
        json.write(']');
        if (page.next() != null) {
            // A cursor is URL-safe base64: nothing in it needs an escape.
            json.writeBytes(ascii(",\"nextCursor\":\"" + page.next() + '"'));
        }
        json.write('}');
        return json.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
