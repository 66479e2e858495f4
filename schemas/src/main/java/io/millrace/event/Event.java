package io.millrace.event;

import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event as it stands on user-events: what a producer said, plus what the door knows (source, id, times).
 *
 * @param id given by the producer or made by the door
 * @param source the credential's
 * @param userId the known user; this or {@code anonymousId} is there
 * @param anonymousId the visitor before anybody knew the user
 * @param kind what sort of statement it is
 * @param name what happened; always there for {@link EventKind#TRACK}
 * @param properties of what happened
 * @param traits of the user
 * @param context of the device, the page, the library
 * @param times when
 */
public record Event(
        EventId id,
        Source source,
        @Nullable String userId,
        @Nullable String anonymousId,
        EventKind kind,
        @Nullable String name,
        JsonObject properties,
        JsonObject traits,
        JsonObject context,
        EventTimes times) {
    /** Of {@code name}, in characters. */
    public static final int MAX_NAME_LENGTH = 256;

    public Event {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(properties, "properties");
        Objects.requireNonNull(traits, "traits");
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(times, "times");
        if (userId == null && anonymousId == null) {
            throw new IllegalArgumentException("an event has a userId or an anonymousId");
        }
        if (kind == EventKind.TRACK && name == null) {
            throw new IllegalArgumentException("a track event has a name");
        }
    }

    /** The key of the event's record and of its user's state: the user id where there is one. */
    public UserKey user() {
        return userId != null
                ? new UserKey(source, false, userId)
                : new UserKey(source, true, Objects.requireNonNull(anonymousId));
    }
}
