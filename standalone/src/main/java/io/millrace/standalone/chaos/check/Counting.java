package io.millrace.standalone.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A feature that counts: purchase-intent's number of products that its user viewed within an hour, this event included, as
 * log(1 + n) (docs/features.md). In a run that is shorter than the hour it is the number of all of them.
 */
final class Counting {
    static final String EVENT = "product_viewed";
    private static final String MODEL = "purchase-intent";
    private static final String FEATURE = "views_1h";

    private Counting() {}

    /** How many; negative where the prediction does not say, or nobody may expect it to be all. */
    static int of(JsonNode prediction, boolean whole) {
        JsonNode value = prediction.path("features").path(FEATURE);
        return whole
                        && value.isNumber()
                        && MODEL.equals(prediction.path("model").asText())
                ? (int) Math.round(Math.expm1(value.asDouble()))
                : -1;
    }
}
