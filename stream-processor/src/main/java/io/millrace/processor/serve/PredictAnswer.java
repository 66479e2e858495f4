package io.millrace.processor.serve;

import io.millrace.grpc.v1.Inputs;
import io.millrace.grpc.v1.PredictResponse;

/** A score with what makes it a prediction. */
final class PredictAnswer {
    private PredictAnswer() {}

    static PredictResponse of(ServedModel model, Inputs inputs, float score, long asOf) {
        float threshold = model.manifest().threshold();
        boolean holds = score >= threshold;
        PredictResponse.Builder answer = PredictResponse.newBuilder()
                .setScore(score)
                .setLabel(model.manifest().labelOf(score))
                .setThreshold(threshold)
                .setModel(model.ref())
                .setInputs(inputs)
                .setAsOfMs(asOf);
        boolean isProbability = score >= 0 && score <= 1;
        if (isProbability) {
            answer.setConfidence(holds ? score : 1 - score);
        }
        return answer.build();
    }
}
