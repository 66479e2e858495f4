package io.millrace.ingest.adapt.mqtt;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One message written as a posted event; its payload, which was parsed before, goes over byte by byte. Not thread-safe. */
final class EventText {
    private static final String USER_ID = TopicField.USER_ID.text();
    private static final String ANONYMOUS_ID = TopicField.ANONYMOUS_ID.text();
    private static final String CONTEXT = "context";

    private final Published message;
    private final Map<TopicField, String> said;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean hasMember;

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
        bytes.write('{');
        said(Set.of());
        if (first == JsonToken.START_OBJECT) {
            name("properties");
            payload(0);
        } else if (first != null) {
            name("properties");
            ascii("{\"value\":");
            payload(0);
            ascii("}");
        }
        bytes.write('}');
        return bytes.toByteArray();
    }

    /** The topic says what happened, the payload one word about it, which is no JSON: the property {@code value}. */
    byte[] ofText(Charset charset) {
        bytes.write('{');
        said(Set.of());
        name("properties");
        ascii("{\"value\":");
        text(new String(message.payload(), charset));
        ascii("}}");
        return bytes.toByteArray();
    }

    /**
     * The payload is the event; what it says of itself counts, and what it does not say the topic does.
     *
     * @param fields of the payload, by name
     */
    byte[] ofEvent(Map<String, JsonToken> fields) {
        bytes.write('{');
        said(fields.keySet());
        int open = 0;
        while (message.payload()[open] != '{') {
            open++;
        }
        if (hasMember && !fields.isEmpty()) {
            bytes.write(',');
        }
        payload(open + 1);
        return bytes.toByteArray();
    }

    /** @param but names that stand in the payload, and may stand once */
    private void said(Set<String> but) {
        String id = said.getOrDefault(TopicField.ID, message.id());
        put(TopicField.ID.text(), id, but);
        put(USER_ID, said.get(TopicField.USER_ID), but);
        boolean isSomebody = said.containsKey(TopicField.USER_ID) || but.contains(USER_ID);
        put(ANONYMOUS_ID, said.getOrDefault(TopicField.ANONYMOUS_ID, isSomebody ? null : message.clientId()), but);
        put(TopicField.NAME.text(), said.get(TopicField.NAME), but);
        String session = said.get(TopicField.SESSION_ID);
        if (session != null && !but.contains(CONTEXT)) {
            name(CONTEXT);
            ascii("{\"" + TopicField.SESSION_ID.text() + "\":");
            text(session);
            ascii("}");
        }
    }

    private void put(String name, @Nullable String value, Set<String> but) {
        if (value != null && !but.contains(name)) {
            name(name);
            text(value);
        }
    }

    private void name(String name) {
        ascii((hasMember ? ",\"" : "\"") + name + "\":");
        hasMember = true;
    }

    private void text(String value) {
        ascii("\"" + new String(JsonStringEncoder.getInstance().quoteAsString(value)) + "\"");
    }

    private void payload(int from) {
        bytes.write(message.payload(), from, message.payload().length - from);
    }

    private void ascii(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
