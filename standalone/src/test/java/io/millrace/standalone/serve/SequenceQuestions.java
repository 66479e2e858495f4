package io.millrace.standalone.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.codec.InputsJson;
import io.millrace.event.Event;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Prediction;
import io.millrace.processor.train.file.FileEvent;
import java.time.Instant;
import java.util.Objects;
import org.assertj.core.data.Offset;

/** What an analyst asks of a model that reads the user's last events: the shipped GRU. */
final class SequenceQuestions {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant TIME = Instant.parse("2026-11-22T15:00:00Z");
    private static final int STEPS = 16;
    /** The stream may have scored its events together, in a batch of another size than a question's. */
    private static final Offset<Float> OTHER_BATCH = Offset.offset(1e-6f);

    private final PredictDoor door;
    private final ScoringStage stage;

    SequenceQuestions(PredictDoor door, ScoringStage stage) {
        this.door = door;
        this.stage = stage;
    }

    void areAnsweredAsTheStreamAnswers() throws Exception {
        publish(0);
        publish(1);
        Prediction second = stage.prediction("edit-1");
        ObjectNode inputs = inputs(second);

        JsonNode again = PredictIT.predict(door, inputs.toString());
        assertThat(again.path("score").floatValue()).isCloseTo(second.score(), OTHER_BATCH);
        assertThat(again.path("model").asText()).isEqualTo("automation");
        assertThat(again.path("sequence")).isEqualTo(inputs.path("sequence"));
        assertThat(again.at("/sequence/values")).hasSize(2);

        JsonNode asItIs = PredictIT.predict(door, "{\"userId\":\"editor\",\"model\":\"automation\"}");
        assertThat(asItIs.at("/sequence/values")).isEqualTo(inputs.at("/sequence/values"));

        JsonNode whatIf = PredictIT.predict(
                door, "{\"userId\":\"editor\",\"model\":\"automation\",\"events\":[" + edit(2, "") + "]}");
        publish(2);
        Prediction third = stage.prediction("edit-2");
        assertThat(whatIf.path("score").floatValue()).isCloseTo(third.score(), OTHER_BATCH);
        assertThat(whatIf.path("sequence")).isEqualTo(inputs(third).path("sequence"));
        assertThat(whatIf.at("/sequence/values")).hasSize(3);
        assertThat(whatIf.path("label").asText()).isEqualTo(third.label());

        refuses(inputs);
    }

    private void refuses(ObjectNode inputs) {
        ObjectNode without = inputs.deepCopy();
        without.remove("sequence");
        assertThat(PredictIT.refused(door, 400, without.toString()))
                .contains("sequence: given none, expected steps of");
        ObjectNode tooLong = inputs.deepCopy();
        ArrayNode steps = (ArrayNode) tooLong.at("/sequence/values");
        while (steps.size() <= STEPS) {
            steps.add(steps.get(0));
        }
        assertThat(PredictIT.refused(door, 400, tooLong.toString())).contains("expected at most 16 steps of 7");
        ObjectNode narrow = inputs.deepCopy();
        ((ArrayNode) narrow.at("/sequence/values/0")).remove(0);
        assertThat(PredictIT.refused(door, 400, narrow.toString())).contains("given a step of 6 values, expected 7");
    }

    /** A prediction's inputs as a body that asks for them again. */
    private static ObjectNode inputs(Prediction prediction) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", prediction.model().name());
        body.set(
                "features",
                JSON.readTree(InputsJson.features(prediction.inputs()).toString()));
        body.set(
                "sequence",
                JSON.readTree(Objects.requireNonNull(InputsJson.sequence(prediction.inputs()))
                        .toString()));
        return body;
    }

    private void publish(int edit) throws Exception {
        Event event = new FileEvent(1, JsonObject.of(edit(edit, "\"userId\":\"editor\","))).event(ScoringStage.SOURCE);
        stage.publish(event);
    }

    private static String edit(int number, String user) {
        return "{" + user + "\"id\":\"edit-" + number + "\",\"name\":\"page_edited\",\"timestamp\":\""
                + TIME.plusSeconds(20L * number) + "\",\"properties\":{\"page\":\"p" + number
                + "\",\"namespace\":\"Main\",\"isMinor\":true,\"isNew\":false,\"delta\":" + (10 + number)
                + ",\"added\":" + (10 + number) + ",\"deleted\":0}}";
    }
}
