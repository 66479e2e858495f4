package io.millrace.processor.train.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.config.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** One section of a configuration: reads what is there and notes all that is wrong, unknown keys included. */
final class ConfigSection {
    private final String path;
    private final @Nullable JsonNode node;
    private final List<String> problems;
    private final Set<String> known = new HashSet<>();

    ConfigSection(String path, @Nullable JsonNode node, List<String> problems) {
        this.path = path;
        this.node = node != null && node.isObject() ? node : null;
        this.problems = problems;
        if (node != null && !node.isObject()) {
            problems.add(path + ": given " + node + ", expected keys and values");
        }
    }

    boolean has(String key) {
        known.add(key);
        return node != null && node.hasNonNull(key);
    }

    @Nullable
    JsonNode get(String key) {
        known.add(key);
        JsonNode value = node == null ? null : node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    ConfigSection section(String key) {
        return new ConfigSection(at(key), get(key), problems);
    }

    String text(String key, String expected) {
        JsonNode value = get(key);
        if (value == null || !value.isValueNode()) {
            return problem(key, value == null ? "none" : value.toString(), expected);
        }
        return value.asText();
    }

    List<String> texts(String key, String expected) {
        JsonNode value = get(key);
        List<String> texts = new ArrayList<>();
        if (value == null || !value.isArray()) {
            problem(key, value == null ? "none" : value.toString(), expected);
            return texts;
        }
        value.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    double number(String key, double absent, DoublePredicate fits, String expected) {
        JsonNode value = get(key);
        if (value == null) {
            if (Double.isNaN(absent)) {
                problem(key, "none", expected);
            }
            return absent;
        }
        if (!value.isNumber() || !fits.test(value.asDouble())) {
            problem(key, value.toString(), expected);
            return absent;
        }
        return value.asDouble();
    }

    /** A whole number. */
    long whole(String key, long absent, long least, String expected) {
        JsonNode value = get(key);
        if (value == null) {
            return absent;
        }
        if (!value.isIntegralNumber() || value.asLong() < least) {
            problem(key, value.toString(), expected);
            return absent;
        }
        return value.asLong();
    }

    Duration duration(String key, Duration absent) {
        JsonNode value = get(key);
        try {
            return value == null ? absent : Key.parseDuration(value.asText());
        } catch (IllegalArgumentException e) {
            problem(key, value + "", "a duration such as 30m, 24h, 14d");
            return absent;
        }
    }

    /** Notes what is wrong; an empty text stands for what could not be read. */
    String problem(String key, String given, String expected) {
        problems.add(at(key) + ": given " + given + ", expected " + expected);
        return "";
    }

    /** To be called when everything was asked for. */
    void noMore() {
        if (node != null) {
            node.fieldNames().forEachRemaining(name -> {
                if (!known.contains(name)) {
                    problems.add(at(name) + ": given, and no key of that name is known; expected one of "
                            + known.stream().sorted().toList());
                }
            });
        }
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
