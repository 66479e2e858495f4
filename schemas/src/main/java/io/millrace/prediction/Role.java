package io.millrace.prediction;

import java.util.Locale;

/** What part a model version had when it scored. */
public enum Role {
    /** The version whose scores count. */
    CHAMPION,
    /** A new version that scores a share of the users in the champion's place. */
    CANARY,
    /** A version that scores beside the champion and is only watched. */
    SHADOW;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As JSON and the store carry it. */
    public String text() {
        return text;
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Role parse(String text) {
        for (Role role : values()) {
            if (role.text.equals(text)) {
                return role;
            }
        }
        throw new IllegalArgumentException("role \"" + text + "\": expected champion, canary or shadow");
    }
}
