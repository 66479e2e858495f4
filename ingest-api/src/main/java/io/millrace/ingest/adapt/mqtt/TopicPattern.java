package io.millrace.ingest.adapt.mqtt;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Topics that mean events, such as {@code devices/{anonymousId}/events/{name}}. A level is a text, a field in braces, a
 * field that is always the same ({@code {name:opened}}, which the topic says as {@code opened}), {@code +} for any, or, as
 * the last, {@code #} for whatever follows. Immutable.
 */
final class TopicPattern {
    private static final String ANY = "+";
    private static final String REST = "#";

    /**
     * One level.
     *
     * @param text that the topic must have there; null for any that is not empty
     * @param field that it says; null where it says nothing
     */
    private record Level(@Nullable String text, @Nullable TopicField field) {}

    private final String text;
    private final List<Level> levels;
    private final boolean hasRest;
    private final Set<TopicField> fields;

    private TopicPattern(String text, List<Level> levels, boolean hasRest, Set<TopicField> fields) {
        this.text = text;
        this.levels = List.copyOf(levels);
        this.hasRest = hasRest;
        this.fields = fields;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is none
     */
    static TopicPattern parse(String text) {
        List<Level> levels = new ArrayList<>();
        Set<TopicField> fields = EnumSet.noneOf(TopicField.class);
        String[] parts = text.split("/", -1);
        boolean hasRest = parts[parts.length - 1].equals(REST);
        for (int i = 0; i < parts.length - (hasRest ? 1 : 0); i++) {
            Level level = level(text, parts[i]);
            if (level.field() != null && !fields.add(level.field())) {
                throw new IllegalArgumentException(
                        text + " says " + level.field().text() + " twice");
            }
            levels.add(level);
        }
        return new TopicPattern(text, levels, hasRest, fields);
    }

    private static Level level(String pattern, String part) {
        if (part.equals(ANY)) {
            return new Level(null, null);
        }
        if (part.startsWith("{") && part.endsWith("}")) {
            String inside = part.substring(1, part.length() - 1);
            int colon = inside.indexOf(':');
            TopicField field = TopicField.parse(colon < 0 ? inside : inside.substring(0, colon))
                    .orElseThrow(() -> new IllegalArgumentException(pattern + " has the unknown field " + part));
            String said = colon < 0 ? null : literal(pattern, inside.substring(colon + 1));
            if (said != null && said.isEmpty()) {
                throw new IllegalArgumentException(pattern + " says an empty " + field.text());
            }
            return new Level(said, field);
        }
        return new Level(literal(pattern, part), null);
    }

    private static String literal(String pattern, String text) {
        if (text.chars().anyMatch(c -> "+#{}".indexOf(c) >= 0)) {
            throw new IllegalArgumentException(pattern + " has a level that is none");
        }
        return text;
    }

    /** Whether its topics say what happened: a payload is the properties then, and a whole event otherwise. */
    boolean saysName() {
        return fields.contains(TopicField.NAME);
    }

    /** What a topic says; empty where it is none of these. As in MQTT, a topic that begins with $ is meant by name alone. */
    Optional<Map<TopicField, String>> match(String[] topic) {
        if (hasRest ? topic.length <= levels.size() : topic.length != levels.size()) {
            return Optional.empty();
        }
        Map<TopicField, String> said = new EnumMap<>(TopicField.class);
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            boolean fits = level.text() == null
                    ? !topic[i].isEmpty() && !isReserved(i, topic[i])
                    : level.text().equals(topic[i]);
            if (!fits) {
                return Optional.empty();
            }
            if (level.field() != null) {
                said.put(level.field(), topic[i]);
            }
        }
        return levels.isEmpty() && isReserved(0, topic[0]) ? Optional.empty() : Optional.of(said);
    }

    private static boolean isReserved(int index, String level) {
        return index == 0 && level.startsWith("$");
    }

    @Override
    public String toString() {
        return text;
    }
}
