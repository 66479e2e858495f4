package io.millrace.ingest.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.codec.DecodeException;
import io.millrace.codec.InputsJson;
import io.millrace.codec.PredictionCodec;
import io.millrace.grpc.v1.Contribution;
import io.millrace.grpc.v1.ExplainRequest;
import io.millrace.grpc.v1.ExplainResponse;
import io.millrace.grpc.v1.Feature;
import io.millrace.grpc.v1.Inputs;
import io.millrace.grpc.v1.Sequence;
import io.millrace.ingest.ask.Asked;
import io.millrace.ingest.ask.InputsWriter;
import io.millrace.ingest.ask.ProcessorClient;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Problem;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * {@code explainPrediction}: the store tells what the model was given, the processor what each of it contributed, by the
 * very version that scored. Thread-safe.
 */
public final class ExplanationEndpoint {
    private static final JsonFactory JSON = new JsonFactory();

    private final Predictions store;
    private final ProcessorClient processor;
    private final Executor readers;

    /** @param readers runs the blocking reads; rejects what it cannot take */
    public ExplanationEndpoint(Predictions store, ProcessorClient processor, Executor readers) {
        this.store = store;
        this.processor = processor;
        this.readers = readers;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of("explainPrediction", this::answer);
    }

    private CompletionStage<Reply> answer(Question question) {
        String text = Objects.requireNonNull(question.path().get("id"), "the path has it");
        UUID id;
        try {
            id = UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return failed(new Problem.BadRequest("id: given no UUID, expected that of a prediction"));
        }
        try {
            return CompletableFuture.supplyAsync(() -> store.inStore(connection -> find(connection, id)), readers)
                    .thenCompose(found -> explain(found, id, question));
        } catch (RejectedExecutionException e) {
            return failed(new Problem.Overloaded("too many reads wait already", Answer.RETRY_AFTER));
        }
    }

    private CompletionStage<Reply> explain(Predictions.Found<Optional<Prediction>> found, UUID id, Question question) {
        if (found.value() == null) {
            return failed(Answer.problem(Objects.requireNonNull(found.failure())));
        }
        if (found.value().isEmpty()) {
            return failed(new Problem.NotFound("no prediction " + id + " is stored"));
        }
        Prediction prediction = found.value().get();
        Inputs inputs = inputs(prediction.inputs());
        ExplainRequest request = ExplainRequest.newBuilder()
                .setModel(prediction.model().name())
                .setVersion(prediction.model().version())
                .setSha256(prediction.sha256().hex())
                .setInputs(inputs)
                .build();
        return processor.explain(request, question.trace()).thenApply(asked -> reply(prediction, inputs, asked));
    }

    private static Reply reply(Prediction prediction, Inputs inputs, Asked<ExplainResponse> asked) {
        if (asked instanceof Asked.Answered<ExplainResponse> answered) {
            return new Reply.Found(Format.JSON.contentType(), json(prediction, inputs, answered.answer()));
        }
        Asked.Refused<ExplainResponse> refused = (Asked.Refused<ExplainResponse>) asked;
        // What was stored is not the client's fault: the version is no longer what it was.
        return new Reply.Failed(
                refused.kind() == Asked.Kind.WRONG ? new Problem.Conflict(refused.detail()) : Asked.problem(refused));
    }

    /** Newest first: the same id stands twice only where the same event came again after a day. */
    private static Optional<Prediction> find(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                PredictionSelect.COLUMNS + "predictions WHERE id = ? ORDER BY received_at DESC LIMIT 1")) {
            statement.setObject(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                StoredPrediction stored = PredictionRow.read(rows);
                return Optional.of(PredictionCodec.decode(PredictionCodec.encode(stored)));
            }
        } catch (DecodeException e) {
            throw new SQLException("a row of predictions is none: " + e.getMessage(), e);
        }
    }

    private static Inputs inputs(io.millrace.prediction.Inputs given) {
        Inputs.Builder inputs = Inputs.newBuilder();
        int at = 0;
        for (io.millrace.prediction.Inputs.Slot slot : given.slots()) {
            Feature.Builder feature = Feature.newBuilder().setName(slot.name());
            for (int i = 0; i < slot.width(); i++) {
                feature.addValues(given.values()[at++]);
            }
            inputs.addFeatures(feature);
        }
        io.millrace.prediction.Inputs.Sequence steps = given.sequence();
        if (steps != null) {
            Sequence.Builder sequence = Sequence.newBuilder().addAllNames(steps.names());
            for (float value : steps.values()) {
                sequence.addValues(value);
            }
            inputs.setSequence(sequence);
        }
        return inputs.build();
    }

    private static byte[] json(Prediction prediction, Inputs inputs, ExplainResponse answer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2_048);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("id", prediction.id().toString());
            json.writeStringField("eventId", prediction.eventId().value());
            json.writeStringField("model", prediction.model().name());
            json.writeStringField("version", prediction.model().version());
            json.writeStringField("sha256", prediction.sha256().hex());
            json.writeFieldName("score");
            json.writeNumber(InputsJson.number(prediction.score()));
            json.writeStringField("label", prediction.label());
            InputsWriter.inputs(inputs, json);
            json.writeObjectFieldStart("explanation");
            json.writeStringField("method", answer.getMethod());
            json.writeStringField("unit", answer.getLogit() ? "logit" : "score");
            json.writeNumberField("output", answer.getOutput());
            json.writeNumberField("baselineOutput", answer.getBaselineOutput());
            json.writeNumberField("error", answer.getError());
            contributions("contributions", answer.getFeaturesList(), json);
            if (inputs.hasSequence()) {
                contributions("sequenceContributions", answer.getSequenceList(), json);
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return bytes.toByteArray();
    }

    private static void contributions(String name, List<Contribution> given, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(name);
        for (Contribution contribution : given) {
            json.writeNumberField(contribution.getName(), contribution.getContribution());
        }
        json.writeEndObject();
    }

    private static CompletionStage<Reply> failed(Problem problem) {
        return CompletableFuture.completedFuture(new Reply.Failed(problem));
    }
}
