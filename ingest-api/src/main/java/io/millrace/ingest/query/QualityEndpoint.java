package io.millrace.ingest.query;

import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.millrace.prediction.Role;
import io.millrace.quality.QualityRecord;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** {@code getModelQuality}: the stored counts of a model, added up over partitions, as figures. Thread-safe. */
public final class QualityEndpoint {
    private static final int MOST_WINDOWS = 100;
    private static final int USUAL_WINDOWS = 24;

    private final Predictions store;
    private final Executor readers;

    /** @param readers runs the blocking reads; rejects what it cannot take */
    public QualityEndpoint(Predictions store, Executor readers) {
        this.store = store;
        this.readers = readers;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of("getModelQuality", this::answer);
    }

    private CompletionStage<Reply> answer(Question question) {
        QualityReader.Query query;
        try {
            Parameters parameters = new Parameters(question);
            Integer windows = parameters.value("windows", QualityEndpoint::windows, "0 to " + MOST_WINDOWS);
            query = new QualityReader.Query(
                    Objects.requireNonNull(question.path().get("name"), "the path has it"),
                    parameters.text("version"),
                    parameters.value("role", Role::parse, "champion, canary or shadow"),
                    windows == null ? USUAL_WINDOWS : windows);
        } catch (IllegalArgumentException e) {
            return failed(new Problem.BadRequest(String.valueOf(e.getMessage())));
        }
        try {
            return CompletableFuture.supplyAsync(() -> read(query), readers);
        } catch (RejectedExecutionException e) {
            return failed(new Problem.Overloaded("too many reads wait already", Answer.RETRY_AFTER));
        }
    }

    private Reply read(QualityReader.Query query) {
        Predictions.Found<List<QualityRecord>> found =
                store.inStore(connection -> QualityReader.read(connection, query));
        if (found.value() == null) {
            return new Reply.Failed(Answer.problem(Objects.requireNonNull(found.failure())));
        }
        return found.value().isEmpty()
                ? new Reply.Failed(new Problem.NotFound("nothing has been counted of model " + query.model()
                        + " yet, as asked: expected one that scores and whose manifest has an outcome or a reference"))
                : new Reply.Found(Format.JSON.contentType(), QualityJson.of(query.model(), found.value()));
    }

    private static int windows(String text) {
        int windows = Integer.parseInt(text);
        if (windows < 0 || windows > MOST_WINDOWS) {
            throw new IllegalArgumentException(text);
        }
        return windows;
    }

    private static CompletionStage<Reply> failed(Problem problem) {
        return CompletableFuture.completedFuture(new Reply.Failed(problem));
    }
}
