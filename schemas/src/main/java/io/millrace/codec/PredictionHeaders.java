package io.millrace.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.prediction.Prediction;
import java.net.URI;
import org.apache.kafka.common.header.Headers;

/** What a prediction's record has in its headers beside {@link RecordHeaders}. Thread-safe. */
@FunctionalInterface
public interface PredictionHeaders {
    /** Nothing. */
    PredictionHeaders NONE = (headers, prediction) -> {};

    /** Puts them on a record. */
    void put(Headers headers, Prediction prediction);

    /**
     * What makes a record a CloudEvent 1.0 in binary mode, together with its content type: Kafka protocol binding 1.0.2,
     * section 3.2. Header values are UTF-8 and not percent-encoded.
     *
     * @param source whose predictions they are; one for all, as a prediction's id is its own
     */
    static PredictionHeaders cloudEvents(URI source) {
        byte[] version = "1.0".getBytes(UTF_8);
        byte[] type = "io.millrace.prediction.v1".getBytes(UTF_8);
        byte[] from = source.toString().getBytes(UTF_8);
        return (headers, prediction) -> {
            String user = prediction.userId() == null ? prediction.anonymousId() : prediction.userId();
            headers.add("ce_specversion", version);
            headers.add("ce_id", prediction.id().toString().getBytes(UTF_8));
            headers.add("ce_source", from);
            headers.add("ce_type", type);
            headers.add("ce_time", Timestamps.format(prediction.scoredAt()).getBytes(UTF_8));
            if (user != null) {
                headers.add("ce_subject", user.getBytes(UTF_8));
            }
        };
    }
}
