package io.millrace.ingest.adapt.cloudevents;

import com.fasterxml.jackson.core.JsonToken;
import io.millrace.deadletter.Reason;
import io.millrace.identity.EventId;
import io.millrace.identity.Sha256;
import io.millrace.ingest.adapt.ObjectText;
import io.millrace.ingest.outcome.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An event's context attributes, extensions among them, in their order. Not thread-safe. */
final class Attributes {
    private static final String VERSION = "1.0";
    /** No URI has it (RFC 3986, 2), so that no two pairs of source and id are one text. */
    private static final char BETWEEN = '|';

    private static final String DIGEST = "sha256:";
    /** What is said elsewhere in the event. */
    private static final Set<String> ELSEWHERE = Set.of("specversion", "type", "time");

    private final Map<String, Attribute> byName = new LinkedHashMap<>();
    private @Nullable Refusal refusal;

    void put(String name, Attribute attribute) {
        if (byName.put(name, attribute) != null) {
            refuse(Refusal.of(Reason.DUPLICATE_FIELD, Refusal.shorten(name), "it twice", "it once"));
        }
    }

    /** Remembers the first thing that is wrong. */
    void refuse(Refusal wrong) {
        if (refusal == null) {
            refusal = wrong;
        }
    }

    /** Null where it is not there, or null. */
    @Nullable
    Attribute get(String name) {
        Attribute attribute = byName.get(name);
        return attribute == null || attribute.isNull() ? null : attribute;
    }

    /** Text that says something; null where there is none. */
    @Nullable
    String said(String name) {
        Attribute attribute = get(name);
        return attribute == null ? null : attribute.said();
    }

    @Nullable
    MediaType dataType() {
        return MediaType.of(said("datacontenttype"));
    }

    /** What is wrong with them; null where they are those of a CloudEvent. */
    @Nullable
    Refusal check() {
        if (refusal != null) {
            return refusal;
        }
        Attribute version = get("specversion");
        Refusal wrong = missing("specversion", version, '"' + VERSION + '"');
        if (wrong == null && version != null && !VERSION.equals(version.text())) {
            wrong = Refusal.of(
                    Reason.INVALID_VALUE, "specversion", String.valueOf(version.text()), '"' + VERSION + '"');
        }
        wrong = wrong == null ? missing("id", get("id"), "the event's id, which its source gives once") : wrong;
        wrong = wrong == null ? missing("source", get("source"), "a URI reference") : wrong;
        return wrong == null ? missing("type", get("type"), "what happened") : wrong;
    }

    private static @Nullable Refusal missing(String name, @Nullable Attribute attribute, String expected) {
        if (attribute == null) {
            return Refusal.of(Reason.MISSING_FIELD, name, "none", expected);
        }
        if (attribute.token() != JsonToken.VALUE_STRING) {
            return Refusal.of(Reason.WRONG_TYPE, name, new String(attribute.json(), StandardCharsets.UTF_8), "a text");
        }
        return attribute.said() == null ? Refusal.of(Reason.EMPTY_TEXT, name, "nothing but spaces", expected) : null;
    }

    /** The event's identity within its Millrace source; null where one of both is missing. */
    @Nullable
    String eventId() {
        String id = said("id");
        String source = said("source");
        if (id == null || source == null) {
            return id;
        }
        String both = source.replace("|", "%7C") + BETWEEN + id;
        return both.length() <= EventId.MAX_LENGTH ? both : DIGEST + Sha256.of(both.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes what the event says nowhere else as members of the object that is open. */
    void writeRest(ObjectText to) {
        byName.forEach((name, attribute) -> {
            if (!attribute.isNull() && !ELSEWHERE.contains(name)) {
                to.anyName(name);
                to.json(attribute.json());
            }
        });
    }

    /** Writes all of them as members of the object that is open. */
    void writeAll(ObjectText to) {
        byName.forEach((name, attribute) -> {
            to.anyName(name);
            to.json(attribute.json());
        });
    }
}
