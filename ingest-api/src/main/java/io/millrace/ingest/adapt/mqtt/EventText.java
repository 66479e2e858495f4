package io.millrace.ingest.adapt.mqtt;

import com.fasterxml.jackson.core.JsonToken;
import io.millrace.ingest.adapt.BodyJson;
import io.millrace.ingest.adapt.Members;
import io.millrace.ingest.adapt.ObjectText;
import io.millrace.ingest.adapt.Value;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One message written as a posted event; its payload, which was parsed before, goes over byte by byte. Not thread-safe. */
final class EventText {
    private static final String USER_ID = TopicField.USER_ID.text();
    private static final String ANONYMOUS_ID = TopicField.ANONYMOUS_ID.text();
    private static final String SESSION_ID = TopicField.SESSION_ID.text();
    private static final String CONTEXT = "context";

    private final Published message;
    private final Map<TopicField, String> said;
    private final ObjectText event = new ObjectText();

    /**
     * One member of a payload.
     *
     * @param from where its name begins
     */
    record Field(String name, int from, Value value) {}

    EventText(Published message, Map<TopicField, String> said) {
        this.message = message;
        this.said = said;
    }

    /**
     * The topic says what happened, the payload more about it.
     *
     * @param first token of the payload; null where it is empty. What is no object is the property {@code value}
     */
    byte[] ofProperties(@Nullable JsonToken first) {
        event.begin();
        said(Set.of());
        session();
        if (first == JsonToken.START_OBJECT) {
            event.name("properties");
            event.json(message.payload());
        } else if (first != null) {
            event.name("properties");
            event.begin();
            event.name("value");
            event.json(message.payload());
            event.end();
        }
        event.end();
        return event.bytes();
    }

    /** The topic says what happened, the payload one word about it, which is no JSON: the property {@code value}. */
    byte[] ofText(Charset charset) {
        event.begin();
        said(Set.of());
        session();
        event.name("properties");
        event.begin();
        event.name("value");
        event.text(new String(message.payload(), charset));
        event.end();
        event.end();
        return event.bytes();
    }

    /**
     * The payload is the event; what it says of itself counts, and what it does not say, or says to be null, the topic does.
     *
     * @param text of the payload, with flawed bytes masked
     */
    byte[] ofEvent(byte[] text, List<Field> fields) {
        Set<String> own = fields.stream()
                .filter(field -> !field.value().isNull())
                .map(Field::name)
                .collect(Collectors.toSet());
        event.begin();
        said(own);
        if (!own.contains(CONTEXT)) {
            session();
        }
        for (Field field : fields) {
            if (field.name().equals(CONTEXT) && field.value().isObject()) {
                context(text, field);
            } else if (!field.value().isNull()) {
                member(field);
            }
        }
        event.end();
        return event.bytes();
    }

    /** The payload's, completed by the session of the topic. */
    private void context(byte[] text, Field field) {
        String session = said.get(TopicField.SESSION_ID);
        Members given = Members.of(BodyJson.FACTORY, text, message.payload(), field.value());
        Value own = given.get(SESSION_ID);
        if (session == null || (own != null && !own.isNull())) {
            member(field);
            return;
        }
        event.name(CONTEXT);
        event.begin();
        put(SESSION_ID, session, Set.of());
        given.write(event, Set.of(SESSION_ID));
        event.end();
    }

    /** @param but names that stand in the payload, and may stand once */
    private void said(Set<String> but) {
        String id = said.getOrDefault(TopicField.ID, message.id());
        put(TopicField.ID.text(), id, but);
        put(USER_ID, said.get(TopicField.USER_ID), but);
        boolean isSomebody = said.containsKey(TopicField.USER_ID) || but.contains(USER_ID);
        put(ANONYMOUS_ID, said.getOrDefault(TopicField.ANONYMOUS_ID, isSomebody ? null : message.clientId()), but);
        put(TopicField.NAME.text(), said.get(TopicField.NAME), but);
    }

    /** Of the topic, where the payload has no context. */
    private void session() {
        String session = said.get(TopicField.SESSION_ID);
        if (session != null) {
            event.name(CONTEXT);
            event.begin();
            put(SESSION_ID, session, Set.of());
            event.end();
        }
    }

    private void put(String name, @Nullable String value, Set<String> but) {
        if (value != null && !but.contains(name)) {
            event.name(name);
            event.text(value);
        }
    }

    private void member(Field field) {
        event.member(message.payload(), field.from(), field.value().to());
    }
}
