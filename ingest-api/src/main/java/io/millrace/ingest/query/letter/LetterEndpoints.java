package io.millrace.ingest.query.letter;

import io.millrace.deadletter.LetterId;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.query.Accept;
import io.millrace.ingest.query.Answer;
import io.millrace.ingest.query.Exports;
import io.millrace.ingest.query.Parameters;
import io.millrace.ingest.query.Predictions;
import io.millrace.ingest.query.Predictions.Found;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code listDeadLetters}, {@code countDeadLetters} and {@code getDeadLetter}: what was refused, from the store. Thread-safe. */
public final class LetterEndpoints {
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final int USUAL_LIMIT = 100;
    private static final int PAGE_LIMIT = 1_000;
    private static final int STREAM_LIMIT = 1_000_000;
    /** A page ends early over it. */
    private static final long PAGE_BYTES = 2 << 20;

    private final Letters letters;
    private final Exports exports;
    private final Executor readers;

    /** @param readers runs the blocking reads; rejects what it cannot take, which becomes a 429 */
    public LetterEndpoints(Predictions store, Exports exports, Executor readers) {
        this.letters = new Letters(store);
        this.exports = exports;
        this.readers = readers;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of(
                "listDeadLetters",
                question -> answer(() -> list(question)),
                "countDeadLetters",
                question -> answer(() -> count(question)),
                "getDeadLetter",
                question -> answer(() -> one(question)));
    }

    /** The question is read at once, what it asks for in its turn. */
    private CompletionStage<Reply> answer(Supplier<Supplier<Reply>> reading) {
        try {
            return CompletableFuture.supplyAsync(reading.get(), readers);
        } catch (IllegalArgumentException e) {
            return failed(new Problem.BadRequest(String.valueOf(e.getMessage())));
        } catch (RejectedExecutionException e) {
            return failed(new Problem.Overloaded("too many reads wait already", Answer.RETRY_AFTER));
        }
    }

    private Supplier<Reply> list(Question question) {
        Parameters parameters = new Parameters(question);
        LetterQuery query = LetterQuery.of(parameters);
        String cursor = parameters.text("cursor");
        String accept = question.headers().get("accept");
        Optional<Boolean> lines = lines(parameters.text("format"), accept);
        if (lines.isEmpty()) {
            return () -> new Reply.Failed(new Problem.NotAcceptable("Accept: given "
                    + Refusal.shorten(String.valueOf(accept)) + ", expected " + JSON + " or " + NDJSON));
        }
        int most = lines.get() ? STREAM_LIMIT : PAGE_LIMIT;
        Integer limit = parameters.value("limit", text -> within(text, most), "1 to " + most);
        if (lines.get()) {
            return () -> exports.begin(
                    (rows, at, bytes) -> letters.page(query, rows, at, bytes, true),
                    NDJSON,
                    new byte[0],
                    cursor,
                    limit == null ? Long.MAX_VALUE : limit);
        }
        return () ->
                reply(letters.page(query, Objects.requireNonNullElse(limit, USUAL_LIMIT), cursor, PAGE_BYTES, false));
    }

    private Supplier<Reply> count(Question question) {
        LetterQuery query = LetterQuery.of(new Parameters(question));
        return () -> {
            Found<List<LetterJson.Count>> found = letters.counts(query);
            return found.value() == null ? failure(found) : new Reply.Found(JSON, LetterJson.counts(found.value()));
        };
    }

    private Supplier<Reply> one(Question question) {
        LetterId id = LetterId.parse(question.path().getOrDefault("id", ""));
        return () -> {
            Found<Optional<byte[]>> found = letters.one(id);
            if (found.value() == null) {
                return failure(found);
            }
            return found.value()
                    .<Reply>map(json -> new Reply.Found(JSON, json))
                    .orElseGet(() -> new Reply.Failed(new Problem.NotFound(
                            "no dead letter " + id + " is stored; a new one takes a second or so to be")));
        };
    }

    private static Reply failure(Found<?> found) {
        return new Reply.Failed(Answer.problem(Objects.requireNonNull(found.failure())));
    }

    /** Whether as lines; empty where neither is taken. */
    private static Optional<Boolean> lines(@Nullable String format, @Nullable String accept) {
        if (format != null || accept == null || accept.isBlank()) {
            return Optional.of("ndjson".equals(format));
        }
        float asPage = Accept.quality(accept, JSON);
        float asLines = Accept.quality(accept, NDJSON);
        return asPage == 0 && asLines == 0 ? Optional.empty() : Optional.of(asLines > asPage);
    }

    private static int within(String text, int most) {
        int limit = Integer.parseInt(text);
        if (limit < 1 || limit > most) {
            throw new IllegalArgumentException(text);
        }
        return limit;
    }

    private static Reply reply(Answer answer) {
        if (!(answer instanceof Answer.Page page)) {
            return new Reply.Failed(Answer.problem(answer));
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.writeBytes(ascii("{\"deadLetters\":["));
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
        return new Reply.Found(JSON, json.toByteArray());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static CompletionStage<Reply> failed(Problem problem) {
        return CompletableFuture.completedFuture(new Reply.Failed(problem));
    }
}
