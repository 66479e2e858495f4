package io.millrace.ingest.receive.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.contract.SchemaRule;
import io.millrace.contract.SchemaRule.Complaint;
import io.millrace.ingest.outcome.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON body of an operation. Thread-safe. */
final class BodyRule {
    /** As deep as an event may be. */
    private static final int MAX_DEPTH = 64;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final boolean required;
    private final SchemaRule rule;

    BodyRule(boolean required, SchemaRule rule) {
        this.required = required;
        this.rule = rule;
    }

    /** What is wrong with a body, as one sentence. */
    Optional<String> complaint(byte[] body) {
        if (body.length == 0) {
            return required ? Optional.of("the body: given none, expected JSON") : Optional.empty();
        }
        JsonNode document;
        try {
            document = JSON.readTree(body);
        } catch (IOException e) {
            // Jackson's own, or what it makes of bytes that look like UTF-32.
            String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            return Optional.of("the body: expected JSON, UTF-8, at most " + MAX_DEPTH + " levels deep: "
                    + Refusal.shorten(String.valueOf(why)));
        }
        Complaint unstorable = unstorable(document);
        if (unstorable != null) {
            return Optional.of(sentence(unstorable));
        }
        List<Complaint> complaints = rule.check(document);
        return complaints.isEmpty() ? Optional.empty() : Optional.of(sentence(complaints.get(0)));
    }

    private static String sentence(Complaint complaint) {
        String place = complaint.where().isEmpty() ? "the body" : "the body's " + Refusal.shorten(complaint.where());
        return place + ": given " + Refusal.shorten(complaint.given()) + ", expected " + complaint.expected();
    }

    /** What a schema cannot say: numbers that no computer holds, and text that cannot be given back. */
    private static @Nullable Complaint unstorable(JsonNode node) {
        if (node.isTextual() && !Text.isWhole(node.asText())) {
            return new Complaint("", node.toString(), Text.EXPECTED);
        }
        if (node.isNumber() && Double.isInfinite(node.doubleValue())) {
            return new Complaint("", "a number beyond 1.8e308", "one that a double holds");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            Complaint complaint = Text.isWhole(field.getKey())
                    ? unstorable(field.getValue())
                    : new Complaint("", "such a name", Text.EXPECTED);
            if (complaint != null) {
                return within(field.getKey(), complaint);
            }
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            Complaint complaint = unstorable(node.get(i));
            if (complaint != null) {
                return within(Integer.toString(i), complaint);
            }
        }
        return null;
    }

    private static Complaint within(String name, Complaint inner) {
        return new Complaint(
                inner.where().isEmpty() ? name : name + "/" + inner.where(), inner.given(), inner.expected());
    }
}
