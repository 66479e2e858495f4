package io.millrace.ingest.ask;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.codec.InputsJson;
import io.millrace.grpc.v1.Feature;
import io.millrace.grpc.v1.Inputs;
import io.millrace.grpc.v1.ModelRef;
import io.millrace.grpc.v1.Sequence;
import java.io.IOException;

/** What the processor says of models and inputs, as JSON: the same as in a prediction. */
public final class InputsWriter {
    private InputsWriter() {}

    /** {@code model}, {@code version}, {@code sha256} and {@code role}, into an object that is open. */
    public static void model(ModelRef model, JsonGenerator json) throws IOException {
        json.writeStringField("model", model.getName());
        json.writeStringField("version", model.getVersion());
        json.writeStringField("sha256", model.getSha256());
        json.writeStringField("role", model.getRole());
    }

    /** {@code features}, and {@code sequence} where there is one, into an object that is open. */
    public static void inputs(Inputs inputs, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("features");
        for (int i = 0; i < inputs.getFeaturesCount(); i++) {
            Feature feature = inputs.getFeatures(i);
            json.writeFieldName(feature.getName());
            if (feature.getValuesCount() == 1) {
                json.writeNumber(InputsJson.number(feature.getValues(0)));
            } else {
                json.writeStartArray();
                for (int j = 0; j < feature.getValuesCount(); j++) {
                    json.writeNumber(InputsJson.number(feature.getValues(j)));
                }
                json.writeEndArray();
            }
        }
        json.writeEndObject();
        if (inputs.hasSequence()) {
            sequence(inputs.getSequence(), json);
        }
    }

    private static void sequence(Sequence sequence, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("sequence");
        json.writeArrayFieldStart("names");
        for (String name : sequence.getNamesList()) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("values");
        int width = Math.max(1, sequence.getNamesCount());
        for (int at = 0; at < sequence.getValuesCount(); at += width) {
            json.writeStartArray();
            for (int i = at; i < at + width; i++) {
                json.writeNumber(InputsJson.number(sequence.getValues(i)));
            }
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
