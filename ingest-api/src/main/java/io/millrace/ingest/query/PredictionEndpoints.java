package io.millrace.ingest.query;

import io.millrace.codec.Timestamps;
import io.millrace.identity.Source;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.prediction.Role;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The read side's operations: parameters in, a page of predictions out, on a bounded pool of threads. Thread-safe. */
public final class PredictionEndpoints {
    private static final int USUAL_LIMIT = 100;
    private static final String JSON = "application/json";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Predictions predictions;
    private final Executor readers;

    /**
     * Binds the reader.
     *
     * @param readers runs the blocking reads; rejects what it cannot take, which becomes a 429
     */
    public PredictionEndpoints(Predictions predictions, Executor readers) {
        this.predictions = predictions;
        this.readers = readers;
    }

    private static final List<String> PARAMETERS = List.of(
            "userId",
            "source",
            "eventId",
            "model",
            "version",
            "role",
            "label",
            "minScore",
            "maxScore",
            "from",
            "to",
            "limit",
            "cursor");

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of("listPredictions", this::answer, "listUserPredictions", this::answer);
    }

    private CompletionStage<Reply> answer(Question question) {
        PredictionQuery query;
        try {
            query = query(question);
        } catch (IllegalArgumentException e) {
            return failed(new Problem.BadRequest(String.valueOf(e.getMessage())));
        }
        try {
            return CompletableFuture.supplyAsync(() -> reply(predictions.read(query)), readers);
        } catch (RejectedExecutionException e) {
            return failed(new Problem.Overloaded("too many reads wait already", RETRY_AFTER));
        }
    }

    private static CompletionStage<Reply> failed(Problem problem) {
        return CompletableFuture.completedFuture(new Reply.Failed(problem));
    }

    private static PredictionQuery query(Question question) {
        String user = question.path().get("userId");
        for (Map.Entry<String, List<String>> given : question.query().entrySet()) {
            boolean known = PARAMETERS.contains(given.getKey())
                    && (user == null || !given.getKey().equals("userId"));
            if (!known) {
                throw new IllegalArgumentException("parameter " + Refusal.shorten(given.getKey()) + ": expected one of "
                        + String.join(", ", PARAMETERS));
            }
            if (given.getValue().stream().anyMatch(String::isEmpty)) {
                throw new IllegalArgumentException(given.getKey() + ": given nothing, expected a value");
            }
        }
        Integer limit = optional(question, "limit", Integer::valueOf, "1 to " + PredictionQuery.MAX_LIMIT);
        return PredictionQuery.newest(limit == null ? USUAL_LIMIT : limit)
                .userId(user != null ? user : question.parameter("userId"))
                .source(optional(question, "source", Source::new, "the name of a source"))
                .eventId(question.parameter("eventId"))
                .model(question.parameter("model"))
                .version(question.parameter("version"))
                .role(optional(question, "role", Role::parse, "champion, canary or shadow"))
                .label(question.parameter("label"))
                .minScore(optional(question, "minScore", PredictionEndpoints::score, "a number"))
                .maxScore(optional(question, "maxScore", PredictionEndpoints::score, "a number"))
                .from(optional(question, "from", Timestamps::parse, "ISO 8601 with an offset"))
                .to(optional(question, "to", Timestamps::parse, "ISO 8601 with an offset"))
                .cursor(question.parameter("cursor"))
                .build();
    }

    private static float score(String text) {
        float score = Float.parseFloat(text);
        if (Float.isNaN(score)) {
            throw new IllegalArgumentException(text);
        }
        return score;
    }

    private static <T> @Nullable T optional(
            Question question, String name, Function<String, T> parser, String expected) {
        String text = question.parameter(name);
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(
                    name + ": given \"" + Refusal.shorten(text) + "\", expected " + expected, e);
        }
    }

    private static Reply reply(Answer answer) {
        if (answer instanceof Answer.Page page) {
            return new Reply.Found(JSON, json(page));
        } else if (answer instanceof Answer.BadCursor bad) {
            return new Reply.Failed(new Problem.BadRequest(bad.detail()));
        } else if (answer instanceof Answer.TooSlow slow) {
            return new Reply.Failed(new Problem.Unavailable(slow.detail(), RETRY_AFTER));
        } else if (answer instanceof Answer.Unavailable unavailable) {
            return new Reply.Failed(new Problem.Unavailable(unavailable.detail(), unavailable.retryAfter()));
        }
        throw new IllegalStateException("every answer is one of the above");
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
