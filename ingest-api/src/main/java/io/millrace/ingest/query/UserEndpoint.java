package io.millrace.ingest.query;

import io.millrace.grpc.v1.GetUserRequest;
import io.millrace.grpc.v1.GetUserResponse;
import io.millrace.grpc.v1.UserRef;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.ingest.ask.Asked;
import io.millrace.ingest.ask.ProcessorClient;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code getUser}: the processor and the store are asked at the same time, under one deadline, and what one of them does
 * not say in time is missing with the reason. Thread-safe.
 */
public final class UserEndpoint {
    private static final int MOST_HISTORY = 100;
    private static final int USUAL_HISTORY = 20;

    private final ProcessorClient processor;
    private final Predictions predictions;
    private final Supplier<Source> onlySource;
    private final Executor readers;
    private final Duration deadline;

    /**
     * A part of the answer.
     *
     * @param value null where it is missing, or where there is nothing to know
     * @param missing why it is, or null
     */
    record Part<T>(@Nullable T value, @Nullable String missing) {}

    /**
     * @param onlySource the one that is meant where none is named; throws IllegalArgumentException where that is not clear
     * @param readers runs the blocking reads; rejects what it cannot take
     */
    public UserEndpoint(
            ProcessorClient processor,
            Predictions predictions,
            Supplier<Source> onlySource,
            Executor readers,
            Duration deadline) {
        this.processor = processor;
        this.predictions = predictions;
        this.onlySource = onlySource;
        this.readers = readers;
        this.deadline = deadline;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of("getUser", this::answer);
    }

    private CompletionStage<Reply> answer(Question question) {
        UserKey user;
        int limit;
        try {
            Parameters parameters = new Parameters(question);
            Source source = parameters.value("source", Source::new, "the name of a source");
            user = new UserKey(
                    source == null ? onlySource.get() : source,
                    false,
                    Objects.requireNonNull(question.path().get("userId"), "the path has it"));
            Integer given = parameters.value("limit", UserEndpoint::limit, "1 to " + MOST_HISTORY);
            limit = given == null ? USUAL_HISTORY : given;
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(
                    new Reply.Failed(new Problem.BadRequest(String.valueOf(e.getMessage()))));
        }
        CompletableFuture<Part<GetUserResponse>> state = inTime("the processor", state(question, user));
        CompletableFuture<Part<List<byte[]>>> history = inTime("the store", history(user));
        return state.thenCombine(history, (known, scored) -> reply(user, limit, known, scored));
    }

    private static int limit(String text) {
        int limit = Integer.parseInt(text);
        if (limit < 1 || limit > MOST_HISTORY) {
            throw new IllegalArgumentException(text);
        }
        return limit;
    }

    private CompletableFuture<Part<GetUserResponse>> state(Question question, UserKey user) {
        GetUserRequest request = GetUserRequest.newBuilder()
                .setUser(UserRef.newBuilder().setSource(user.source().name()).setUserId(user.id()))
                .build();
        return processor
                .user(request, question.trace())
                .thenApply(UserEndpoint::known)
                .toCompletableFuture();
    }

    private static Part<GetUserResponse> known(Asked<GetUserResponse> asked) {
        if (asked instanceof Asked.Answered<GetUserResponse> answered) {
            return new Part<>(answered.answer(), null);
        }
        Asked.Refused<GetUserResponse> refused = (Asked.Refused<GetUserResponse>) asked;
        return refused.kind() == Asked.Kind.UNKNOWN ? new Part<>(null, null) : new Part<>(null, refused.detail());
    }

    private CompletableFuture<Part<List<byte[]>>> history(UserKey user) {
        PredictionQuery query = PredictionQuery.newest(MOST_HISTORY)
                .userId(user.id())
                .source(user.source())
                .withoutShadows()
                .build();
        try {
            return CompletableFuture.supplyAsync(() -> predictions.read(query), readers)
                    .thenApply(answer -> answer instanceof Answer.Page page
                            ? new Part<>(page.predictions(), null)
                            : new Part<>(null, Answer.problem(answer).detail()));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(new Part<>(null, "too many reads wait already"));
        }
    }

    /** Late is missing; only a bug fails. */
    private <T> CompletableFuture<Part<T>> inTime(String who, CompletableFuture<Part<T>> part) {
        return part.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS).exceptionally(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof TimeoutException) {
                return new Part<>(null, who + " did not answer within " + deadline.toMillis() + " ms");
            }
            throw new CompletionException(cause);
        });
    }

    private static Reply reply(UserKey user, int limit, Part<GetUserResponse> known, Part<List<byte[]>> scored) {
        if (known.missing() != null && scored.missing() != null) {
            return new Reply.Failed(
                    new Problem.Unavailable(known.missing() + "; " + scored.missing(), Answer.RETRY_AFTER));
        }
        boolean isUnknown = known.value() == null
                && known.missing() == null
                && scored.value() != null
                && scored.value().isEmpty();
        return isUnknown
                ? new Reply.Failed(new Problem.NotFound("nothing is known of this user of source "
                        + user.source().name()))
                : new Reply.Found(Format.JSON.contentType(), UserJson.of(user, limit, known, scored));
    }
}
