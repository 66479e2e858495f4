package io.millrace.ingest.ask;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.codec.InputsJson;
import io.millrace.codec.Timestamps;
import io.millrace.grpc.v1.PredictRequest;
import io.millrace.grpc.v1.PredictResponse;
import io.millrace.grpc.v1.UserRef;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.ingest.ask.Asked.Answered;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.validate.EventReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code predict}: a score now, of features, of a user as it is, or of a user after events that have not happened. */
public final class PredictEndpoint {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int USUAL_ANSWER = 2_048;

    private final ProcessorClient processor;
    private final EventReader reader;
    private final Supplier<Source> source;
    private final Clock clock;

    /**
     * @param reader the same that reads posted events
     * @param source the one that is meant where none is named; throws IllegalArgumentException where that is not clear
     */
    public PredictEndpoint(ProcessorClient processor, EventReader reader, Supplier<Source> source, Clock clock) {
        this.processor = processor;
        this.reader = reader;
        this.source = source;
        this.clock = clock;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of("predict", this::answer);
    }

    private CompletionStage<Reply> answer(Question question) {
        PredictRequest request;
        try {
            request = request(PredictQuestion.read(question.body()));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(
                    new Reply.Failed(new Problem.BadRequest(String.valueOf(e.getMessage()))));
        }
        return processor.predict(request, question.trace()).thenApply(PredictEndpoint::reply);
    }

    private PredictRequest request(PredictQuestion asked) {
        PredictRequest.Builder request =
                PredictRequest.newBuilder().setModel(asked.model()).setVersion(asked.version());
        if (asked.inputs() != null) {
            return request.setInputs(asked.inputs()).build();
        }
        UserRef user = user(asked);
        return asked.events() == null
                ? request.setUser(user).build()
                : request.setWhatIf(WhatIfEvents.of(user, asked.events(), reader, clock.instant()))
                        .build();
    }

    private UserRef user(PredictQuestion asked) {
        Source owner = asked.source() == null ? source.get() : new Source(asked.source());
        UserRef.Builder user = UserRef.newBuilder().setSource(owner.name());
        if (asked.userId() != null) {
            return user.setUserId(new UserKey(owner, false, asked.userId()).id())
                    .build();
        }
        String anonymous = Objects.requireNonNull(asked.anonymousId(), "a user has an id");
        return user.setAnonymousId(new UserKey(owner, true, anonymous).id()).build();
    }

    private static Reply reply(Asked<PredictResponse> asked) {
        if (asked instanceof Answered<PredictResponse> answered) {
            return new Reply.Found("application/json", json(answered.answer()));
        }
        return new Reply.Failed(Asked.problem((Asked.Refused<PredictResponse>) asked));
    }

    private static byte[] json(PredictResponse answer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_ANSWER);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            number("score", answer.getScore(), json);
            json.writeStringField("label", answer.getLabel());
            if (answer.hasConfidence()) {
                number("confidence", answer.getConfidence(), json);
            }
            number("threshold", answer.getThreshold(), json);
            InputsWriter.model(answer.getModel(), json);
            InputsWriter.inputs(answer.getInputs(), json);
            if (answer.getAsOfMs() > 0) {
                json.writeStringField("asOf", Timestamps.format(Instant.ofEpochMilli(answer.getAsOfMs())));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return bytes.toByteArray();
    }

    private static void number(String name, float value, JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        json.writeNumber(InputsJson.number(value));
    }
}
