package io.millrace.ingest.adapt.mqtt;

import java.util.Arrays;
import java.util.Optional;

/** What a level of a topic may say of its event. */
enum TopicField {
    ID("id"),
    USER_ID("userId"),
    ANONYMOUS_ID("anonymousId"),
    SESSION_ID("sessionId"),
    NAME("name");

    private final String text;

    TopicField(String text) {
        this.text = text;
    }

    /** As a pattern has it in braces, and an event as the name of its field. */
    String text() {
        return text;
    }

    static Optional<TopicField> parse(String text) {
        return Arrays.stream(values()).filter(field -> field.text.equals(text)).findFirst();
    }
}
