package io.millrace.ingest.query.live;

import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.query.Accept;
import io.millrace.ingest.query.Parameters;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code streamPredictions}: predictions as they are made, as Server-Sent Events. Thread-safe. */
public final class LiveEndpoint {
    private static final String LAST_EVENT_ID = "last-event-id";
    private static final String MEDIA_TYPE = "text/event-stream";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final LivePredictions live;

    public LiveEndpoint(LivePredictions live) {
        this.live = live;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of("streamPredictions", this::answer);
    }

    private CompletionStage<Reply> answer(Question question) {
        String accept = question.headers().getOrDefault("accept", "*/*");
        if (Accept.quality(accept, MEDIA_TYPE) == 0) {
            return failed(
                    new Problem.NotAcceptable("Accept: given " + Refusal.shorten(accept) + ", expected " + MEDIA_TYPE));
        }
        LiveFilter filter;
        Positions after;
        try {
            filter = LiveFilter.of(new Parameters(question));
            String last = question.headers().getOrDefault(LAST_EVENT_ID, "");
            after = last.isEmpty()
                    ? null
                    : Positions.parse(last)
                            .orElseThrow(() -> new IllegalArgumentException("Last-Event-ID: given \""
                                    + Refusal.shorten(last) + "\", expected the id of an event of this stream"));
        } catch (IllegalArgumentException e) {
            return failed(new Problem.BadRequest(String.valueOf(e.getMessage())));
        }
        if (live.isFull()) {
            return failed(new Problem.Overloaded(
                    "too many listen already: expected at most " + live.config().clients(), RETRY_AFTER));
        }
        LiveClient client = new LiveClient(live, filter, after, live.config().queueBytes());
        return live.ready()
                .<Reply>handle((ready, failure) -> failure == null
                        ? new Reply.Stream(Frames.CONTENT_TYPE, true, client)
                        : new Reply.Failed(
                                new Problem.Unavailable("predictions cannot be read at this moment", RETRY_AFTER)));
    }

    private static CompletionStage<Reply> failed(Problem problem) {
        return CompletableFuture.completedFuture(new Reply.Failed(problem));
    }
}
