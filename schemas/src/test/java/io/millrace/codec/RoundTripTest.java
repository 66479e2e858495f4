package io.millrace.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.deadletter.DeadLetter;
import io.millrace.event.Event;
import io.millrace.event.Profile;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private static final int ROUNDS = 5_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void event_isTheSame_afterWritingAndReading() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < ROUNDS; i++) {
            Event event = Samples.event(random);

            byte[] bytes = EventCodec.encode(event);

            assertThat(EventCodec.decode(bytes)).isEqualTo(event);
            assertThat(JSON.readTree(bytes).path("id").textValue())
                    .isEqualTo(event.id().value());
        }
    }

    @Test
    void prediction_isTheSameBitForBit_afterWritingAndReading() throws Exception {
        Random random = new Random(2);
        for (int i = 0; i < ROUNDS; i++) {
            Prediction prediction = Samples.prediction(Samples.inputs(random), Samples.finite(random));

            Prediction read = PredictionCodec.decode(PredictionCodec.encode(prediction));

            assertThat(read).isEqualTo(prediction);
        }
    }

    @Test
    void floats_readBackAsTheSameBits_byReadersOfFloatsAndOfDoubles() {
        Random random = new Random(3);
        for (int i = 0; i < 100 * ROUNDS; i++) {
            float value = Samples.finite(random);
            JsonWriter json = new JsonWriter(16);
            json.number(value);
            String text = new String(json.toByteArray(), UTF_8);

            int bits = Float.floatToRawIntBits(value);
            if (Float.floatToRawIntBits(Float.parseFloat(text)) != bits
                    // The way of a reader that knows doubles only, such as Python or a browser.
                    || Float.floatToRawIntBits((float) Double.parseDouble(text)) != bits) {
                fail(text + " is not " + value);
            }
        }
    }

    @Test
    void deadLetter_isTheSame_afterWritingAndReading() throws Exception {
        DeadLetter letter = Samples.deadLetter();

        assertThat(DeadLetterCodec.decode(DeadLetterCodec.encode(letter))).isEqualTo(letter);
    }

    @Test
    void profile_isTheSame_afterWritingAndReading() throws Exception {
        Random random = new Random(4);
        for (int i = 0; i < ROUNDS; i++) {
            UserKey user = new UserKey(new Source("shop"), random.nextBoolean(), Samples.text(random, 256));
            Profile profile = new Profile(user, Samples.event(random).traits(), Samples.instant(random));

            assertThat(ProfileCodec.decode(ProfileCodec.encode(profile))).isEqualTo(profile);
        }
    }

    @Test
    void inputs_areTheSameInThePredictionAndAlone() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            Inputs inputs = Samples.inputs(random);

            JsonNode whole = JSON.readTree(PredictionCodec.encode(Samples.prediction(inputs, 0.5f)));

            assertThat(JSON.readTree(InputsJson.features(inputs).toString())).isEqualTo(whole.get("features"));
            JsonObject sequence = InputsJson.sequence(inputs);
            assertThat(sequence == null ? null : JSON.readTree(sequence.toString()))
                    .isEqualTo(whole.get("sequence"));
        }
    }

    @Test
    void encode_refusesAnInputThatIsNotFinite() {
        Inputs inputs = new Inputs(List.of(new Inputs.Slot("views", 1)), new float[] {Float.NaN}, null);
        Prediction prediction = Samples.prediction(inputs, 0.5f);

        assertThatThrownBy(() -> PredictionCodec.encode(prediction))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
    }

    @Test
    void halfASurrogatePair_isEscaped_soThatTheBytesStayUtf8() throws Exception {
        DeadLetter letter = Samples.deadLetter();
        DeadLetter odd = new DeadLetter(
                letter.reason(),
                "id \ud800 and \udc00x: \u0000",
                letter.stage(),
                null,
                null,
                null,
                null,
                letter.key(),
                letter.payload(),
                false,
                1,
                letter.failedAt(),
                null);

        byte[] bytes = DeadLetterCodec.encode(odd);

        assertThat(new String(bytes, UTF_8)).contains("\\ud800", "\\udc00x", "\\u0000");
        assertThat(DeadLetterCodec.decode(bytes)).isEqualTo(odd);
    }
}
