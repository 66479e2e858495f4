package io.millrace.event;

import java.util.Locale;
import java.util.Optional;

/** What sort of statement an event is: the six that behaviour-tracking SDKs share, and one of Millrace's own. */
public enum EventKind {
    /** The user did something; the event has a name. */
    TRACK,
    /** The user is somebody; traits go into the profile. */
    IDENTIFY,
    /** The user saw a page. */
    PAGE,
    /** The user saw a screen of an app. */
    SCREEN,
    /** The user belongs to a group. */
    GROUP,
    /** The user has another id. */
    ALIAS,
    /** The user is to be forgotten, with all that came before. The door alone says so, when an operator asks it to. */
    ERASE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As JSON carries it. */
    public String text() {
        return text;
    }

    public static Optional<EventKind> parse(String text) {
        for (EventKind kind : values()) {
            if (kind.text.equals(text)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
