package io.millrace.ingest.adapt.cloudevents;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.ingest.adapt.BodyJson;
import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.adapt.ObjectText;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.Slice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One CloudEvent written as a posted event; the table of what becomes what is in docs/producers.md. */
final class Translation {
    private static final String USER = "userId";
    private static final String ANONYMOUS = "anonymousId";

    /** Whose event it is. */
    private record Who(@Nullable String userId, @Nullable String anonymousId) {
        boolean isNobody() {
            return userId == null && anonymousId == null;
        }
    }

    private Translation() {}

    /**
     * Translates.
     *
     * @param wrong with it, beside what its attributes and data say themselves; null where nothing is
     * @param sent the event as it came, for its dead letter
     */
    static Candidate of(Attributes attributes, Payload payload, @Nullable Refusal wrong, Supplier<Slice> sent) {
        Refusal refusal = wrong == null ? attributes.check() : wrong;
        if (refusal == null && payload instanceof Payload.Unreadable unreadable) {
            refusal = unreadable.refusal();
        }
        if (refusal != null || !(payload instanceof Payload.Properties properties)) {
            return new Candidate.Untranslated(
                    attributes.eventId(), Objects.requireNonNull(refusal, "why it is none"), sent.get());
        }
        return new Candidate.Translated(write(attributes, properties));
    }

    private static byte[] write(Attributes attributes, Payload.Properties properties) {
        ObjectText event = new ObjectText();
        event.begin();
        text(event, "id", attributes.eventId());
        Who who = who(attributes, properties);
        text(event, USER, who.userId());
        text(event, ANONYMOUS, who.anonymousId());
        text(event, "name", attributes.said("type"));
        Attribute time = attributes.get("time");
        if (time != null) {
            event.name("originalTimestamp");
            event.json(time.json());
        }
        if (properties.json().length > 0) {
            event.name("properties");
            event.json(properties.json());
        }
        event.name("context");
        event.begin();
        event.name("cloudevent");
        event.begin();
        attributes.writeRest(event);
        event.end();
        event.end();
        event.end();
        return event.bytes();
    }

    /** Who says so expressly goes before a subject, which may be of anything; data are asked last. */
    private static Who who(Attributes attributes, Payload.Properties properties) {
        Who said = new Who(attributes.said("userid"), attributes.said("anonymousid"));
        if (said.isNobody()) {
            said = new Who(attributes.said("subject"), null);
        }
        if (said.isNobody()) {
            said = new Who(null, attributes.said("sessionid"));
        }
        return said.isNobody() && properties.isObject() ? who(properties.json()) : said;
    }

    private static Who who(byte[] data) {
        String userId = null;
        String anonymousId = null;
        try (JsonParser json = BodyJson.FACTORY.createParser(data)) {
            json.nextToken();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken token = json.nextToken();
                boolean isText = token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT;
                if (isText && name.equals(USER) && !json.getText().isBlank()) {
                    userId = json.getText();
                } else if (isText && name.equals(ANONYMOUS) && !json.getText().isBlank()) {
                    anonymousId = json.getText();
                }
                json.skipChildren();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what was parsed once parses again", e);
        }
        return new Who(userId, anonymousId);
    }

    private static void text(ObjectText event, String name, @Nullable String value) {
        if (value != null) {
            event.name(name);
            event.text(value);
        }
    }
}
