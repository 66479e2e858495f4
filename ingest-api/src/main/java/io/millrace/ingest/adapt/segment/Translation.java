package io.millrace.ingest.adapt.segment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.codec.Timestamps;
import io.millrace.event.EventKind;
import io.millrace.ingest.adapt.Members;
import io.millrace.ingest.adapt.ObjectText;
import io.millrace.ingest.adapt.Value;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One message written as a posted event. Values go over byte by byte: what is wrong with them, the door's own reader says.
 * The table of fields is in docs/producers.md. Not thread-safe.
 */
final class Translation {
    private final JsonFactory json;
    /** Of the whole body, with flawed bytes masked. */
    private final byte[] text;

    private final Message message;
    private final ObjectText event = new ObjectText();

    Translation(JsonFactory json, byte[] text, Message message) {
        this.json = json;
        this.text = text;
        this.message = message;
    }

    /**
     * Translates.
     *
     * @param call whose endpoint it came to; null where the message says itself
     * @param shared context of the batch
     * @param sentAt of the batch; null where it says none
     */
    byte[] run(@Nullable EventKind call, Members shared, @Nullable Value sentAt) {
        event.begin();
        text("id", message.get(Message.MESSAGE_ID));
        text("userId", message.get("userId"));
        text("anonymousId", message.get("anonymousId"));
        Value type = message.get("type");
        if (call != null) {
            event.name("kind");
            event.quoted(call.text());
            what(call.text());
        } else if (type != null) {
            raw("kind", type);
            what(String.valueOf(type.text()));
        }
        Value given = message.get("timestamp");
        Value original = message.get("originalTimestamp");
        instant("originalTimestamp", first(given, original));
        if (!isOwnWord(given, original)) {
            instant("sentAt", first(message.get("sentAt"), sentAt));
        }
        context(shared);
        event.end();
        return event.bytes();
    }

    /**
     * Whether the time is not of the clock by which the message was sent: RudderStack's SDKs write {@code originalTimestamp}
     * by it, and {@code timestamp} beside it where their caller gave a time, which their server takes as it is.
     */
    private static boolean isOwnWord(@Nullable Value given, @Nullable Value original) {
        return given != null
                && original != null
                && !given.isBlank()
                && !original.isBlank()
                && !Objects.equals(given.text(), original.text());
    }

    /** What happened, and what is said of it and of the user. */
    private void what(String kind) {
        Value properties = object("properties");
        Value traits = object("traits");
        switch (kind) {
            case "track" -> {
                text("name", message.get("event"));
                raw("properties", properties);
            }
            case "page", "screen" -> {
                Value category = message.get("category");
                // RudderStack's SDKs for mobile devices say it as the event.
                text("name", first(first(message.get("name"), message.get("event")), category));
                properties(properties, category);
            }
            case "identify" -> traits(traits);
            default -> {
                raw("properties", properties);
                raw("traits", traits);
            }
        }
    }

    /** A page's category is one of its properties, unless they have one. */
    private void properties(@Nullable Value own, @Nullable Value category) {
        Members given = members(own);
        if (!isMergeable(own) || isBlank(category) || given.get("category") != null) {
            raw("properties", own);
            return;
        }
        event.name("properties");
        event.begin();
        given.write(event, Set.of());
        text("category", category);
        event.end();
    }

    /** RudderStack's SDK for browsers says them in the context and nowhere else. */
    private void traits(@Nullable Value own) {
        Members more = members(members(object("context")).get("traits"));
        if (!isMergeable(own) || more.isEmpty()) {
            raw("traits", own);
            return;
        }
        Members given = members(own);
        event.name("traits");
        event.begin();
        given.write(event, Set.of());
        more.write(event, given.names());
        event.end();
    }

    /** The message's own, with the ids that it is about, and what the batch says of all its messages. */
    private void context(Members shared) {
        Value own = object("context");
        Set<String> taken = new HashSet<>();
        for (String about : new String[] {"groupId", "previousId"}) {
            if (!isBlank(message.get(about))) {
                taken.add(about);
            }
        }
        if (!isMergeable(own) || (taken.isEmpty() && shared.isEmpty())) {
            raw("context", own);
            return;
        }
        Members given = members(own);
        event.name("context");
        event.begin();
        text("groupId", message.get("groupId"));
        text("previousId", message.get("previousId"));
        given.write(event, taken);
        taken.addAll(given.names());
        shared.write(event, taken);
        event.end();
    }

    /** A text, or a number as one; nothing where nothing is said. */
    private void text(String name, @Nullable Value value) {
        if (value == null || value.isBlank()) {
            return;
        }
        if (value.isNumber()) {
            event.name(name);
            event.quoted(String.valueOf(value.text()));
        } else {
            raw(name, value);
        }
    }

    private void instant(String name, @Nullable Value value) {
        if (value == null || value.isBlank()) {
            return;
        }
        Instant instant = SdkTime.read(value);
        if (instant == null) {
            raw(name, value);
        } else {
            event.name(name);
            event.quoted(Timestamps.format(instant));
        }
    }

    /** What is to be an object; PHP writes an empty one as an empty list. */
    private @Nullable Value object(String name) {
        Value value = message.get(name);
        return value != null && value.token() == JsonToken.START_ARRAY && isEmpty(value) ? null : value;
    }

    private boolean isEmpty(Value array) {
        for (int i = array.from() + 1; i < array.to() - 1; i++) {
            if (message.body()[i] > ' ' || message.body()[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private void raw(String name, @Nullable Value value) {
        if (value != null) {
            event.name(name);
            event.value(message.body(), value);
        }
    }

    private Members members(@Nullable Value object) {
        return Members.of(json, text, message.body(), object);
    }

    /** Nothing, or an object. */
    private static boolean isMergeable(@Nullable Value value) {
        return value == null || value.isObject();
    }

    private static boolean isBlank(@Nullable Value value) {
        return value == null || value.isBlank();
    }

    private static @Nullable Value first(@Nullable Value one, @Nullable Value other) {
        return isBlank(one) ? other : one;
    }
}
