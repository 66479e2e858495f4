package io.millrace.identity;

import java.util.Objects;

/**
 * Whose behaviour it is: the key of every record on user-events, user-profiles and predictions, and of the state. Known
 * users and anonymous visitors of one source never share a key.
 *
 * @param source the producer; one user id in two sources is two users
 * @param anonymous whether {@code id} is an anonymous id
 * @param id 1 to 256 characters
 */
public record UserKey(Source source, boolean anonymous, String id) {
    public static final int MAX_ID_LENGTH = 256;
    private static final char KNOWN = ':';
    private static final char ANONYMOUS = '~';

    public UserKey {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(id, "id");
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException(
                    "user id of " + id.length() + " characters: expected 1 to " + MAX_ID_LENGTH);
        }
    }

    /** The key's text, {@code source:userId} or {@code source~anonymousId}; what the Kafka records carry, as UTF-8. */
    public String text() {
        return source.name() + (anonymous ? ANONYMOUS : KNOWN) + id;
    }

    /**
     * Reads what {@link #text()} wrote. A source holds neither separator, so the first one ends it.
     *
     * @throws IllegalArgumentException if the text is no user key
     */
    public static UserKey parse(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == KNOWN || c == ANONYMOUS) {
                return new UserKey(new Source(text.substring(0, i)), c == ANONYMOUS, text.substring(i + 1));
            }
        }
        throw new IllegalArgumentException("user key \"" + text + "\": expected source:userId or source~anonymousId");
    }

    @Override
    public String toString() {
        return text();
    }
}
