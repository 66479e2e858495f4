package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.deadletter.Reason;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredPredictionTest {
    @Test
    void comesOutAsItWentIn_whenTheInputsStayJson() throws DecodeException {
        Inputs.Sequence sequence = new Inputs.Sequence(List.of("gap", "kind"), 1, new float[] {1e-7f, -2});
        for (Prediction prediction : List.of(
                Samples.prediction(),
                Samples.prediction(new Inputs(List.of(), new float[0], null), 0.25f),
                Samples.prediction(
                        new Inputs(List.of(new Inputs.Slot("v", 2)), new float[] {Float.MIN_VALUE, 3}, sequence),
                        -0f))) {
            byte[] bytes = PredictionCodec.encode(prediction);

            StoredPrediction stored = PredictionCodec.decodeStored(bytes);

            assertThat(PredictionCodec.encode(stored)).isEqualTo(bytes);
            assertThat(stored.features()).isEqualTo(InputsJson.features(prediction.inputs()));
            assertThat(stored.sequence()).isEqualTo(InputsJson.sequence(prediction.inputs()));
            assertThat(stored.prediction().id()).isEqualTo(prediction.id());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"features\":[1]", "\"features\":7", "\"sequence\":[1]", "\"features\":{\"a\":}"})
    void refuses_whenTheInputsAreNoObject(String inputs) {
        byte[] bytes = ("{" + inputs + "}").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> PredictionCodec.decodeStored(bytes)).isInstanceOf(DecodeException.class);
    }

    @Test
    void refuses_whenTheFeaturesAreMissing() {
        String whole = new String(PredictionCodec.encode(Samples.prediction()), StandardCharsets.UTF_8);
        byte[] without = whole.replace("\"features\":", "\"other\":").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> PredictionCodec.decodeStored(without))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISSING_FIELD));
    }
}
