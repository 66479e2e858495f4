package io.millrace.ingest.adapt.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which topics mean which events; of several patterns that a topic fits the first counts. Immutable. */
public final class Topics {
    /** As the setting says it. */
    public static final String DEFAULT =
            "devices/{anonymousId}/events/{name},users/{userId}/events/{name},events/{name},events";

    /** A topic is looked at no further, and refused. */
    static final int LONGEST = 1_024;

    private final List<TopicPattern> patterns;

    private Topics(List<TopicPattern> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /**
     * Reads patterns with commas between.
     *
     * @throws IllegalArgumentException if one is none
     */
    public static Topics parse(String text) {
        List<TopicPattern> patterns = new ArrayList<>();
        for (String pattern : text.split(",", -1)) {
            if (pattern.isBlank()) {
                throw new IllegalArgumentException("an empty pattern");
            }
            patterns.add(TopicPattern.parse(pattern.trim()));
        }
        return new Topics(patterns);
    }

    /**
     * A topic that means events.
     *
     * @param said by its levels
     * @param hasName whether the payload is properties, and not the event
     */
    record Meaning(Map<TopicField, String> said, boolean hasName) {}

    Optional<Meaning> find(String topic) {
        if (topic.length() > LONGEST) {
            return Optional.empty();
        }
        String[] levels = topic.split("/", -1);
        for (TopicPattern pattern : patterns) {
            Optional<Map<TopicField, String>> said = pattern.match(levels);
            if (said.isPresent()) {
                return Optional.of(new Meaning(said.get(), pattern.saysName()));
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return patterns.stream().map(TopicPattern::toString).collect(Collectors.joining(", "));
    }
}
