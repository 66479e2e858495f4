package io.millrace.standalone.post;

import io.millrace.json.JsonObject;
import java.util.Objects;

/**
 * One event to post.
 *
 * @param number its place in what is posted, rising; what {@link Lanes#firstUnanswered} speaks of
 * @param user whose it is: postings of one user keep their order
 * @param body the JSON object
 */
public record Posting(long number, String user, JsonObject body) {
    public Posting {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(body, "body");
    }
}
