package io.millrace.event;

import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import java.time.Instant;
import java.util.Objects;

/**
 * What is known of a user: the traits of all its identify events, later ones over earlier ones, field by field.
 *
 * @param user whose
 * @param traits merged; a trait set to null is gone
 * @param updatedAt the event time of the latest identify
 */
public record Profile(UserKey user, JsonObject traits, Instant updatedAt) {
    public Profile {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(traits, "traits");
        Objects.requireNonNull(updatedAt, "updatedAt");
    }
}
