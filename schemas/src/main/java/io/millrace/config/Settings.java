package io.millrace.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The given settings, looked up by {@link Key}. Errors are collected, so that a user mends all of them at once: read
 * every key, then call {@link #check}.
 *
 * <p>Not thread-safe; it lives while a process starts.
 */
public final class Settings {
    private final Map<String, Given> given = new HashMap<>();
    private final List<String> errors = new ArrayList<>();

    private record Given(String value, String origin) {}

    private Settings() {}

    /**
     * Gathers what was given.
     *
     * @param file a YAML file, or null
     * @param environment the process's variables; those that begin with MILLRACE_ count
     * @param flags by path; they win
     * @param known every key of the system: what is none of them is an error, whichever process reads it
     */
    public static Settings gather(
            @Nullable Path file,
            Map<String, String> environment,
            Map<String, String> flags,
            List<? extends Key<?>> known) {
        Settings settings = new Settings();
        Map<String, String> paths = new HashMap<>();
        Set<String> variables = new HashSet<>();
        known.forEach(key -> {
            paths.put(key.variable(), key.path());
            variables.add(key.path());
        });
        if (file != null) {
            settings.readFile(file);
        }
        new TreeMap<>(environment).forEach((variable, value) -> {
            String path = paths.get(variable);
            if (path != null) {
                settings.given.put(path, new Given(value, "environment " + variable));
            } else if (variable.startsWith("MILLRACE_")) {
                settings.errors.add(variable + " (environment): no such setting");
            }
        });
        flags.forEach((path, value) -> settings.given.put(path, new Given(value, "flag")));
        for (String path : new TreeSet<>(settings.given.keySet())) {
            if (!variables.contains(path)) {
                settings.errors.add(path + " (" + settings.origin(path) + "): no such setting");
            }
        }
        return settings;
    }

    /** The key's value; its default where nothing was given or where what was given is wrong, which {@link #check} tells. */
    public <T> T get(Key<T> key) {
        Given value = given.get(key.path());
        if (value != null) {
            try {
                return key.parser().parse(value.value());
            } catch (IllegalArgumentException e) {
                String shown = key.secret() ? "a secret" : "\"" + value.value() + "\"";
                errors.add(key.path() + " (" + value.origin() + "): given " + shown + ", expected " + key.expected());
            }
        }
        return key.parser().parse(key.fallback());
    }

    /** Whether somebody set the key, be it to its default. */
    public boolean isGiven(Key<?> key) {
        return given.containsKey(key.path());
    }

    /** Adds an error that concerns several keys, or the world outside. */
    public void error(String message) {
        errors.add(message);
    }

    /**
     * Says whether everything was right.
     *
     * @throws ConfigurationException with all errors
     */
    public void check() {
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors);
        }
    }

    private String origin(String path) {
        Given value = given.get(path);
        return value == null ? "default" : value.origin();
    }

    private void readFile(Path file) {
        try {
            JsonNode tree = new YAMLMapper().readTree(file.toFile());
            if (tree.isObject()) {
                flatten("", tree, "file " + file);
            } else if (!tree.isMissingNode() && !tree.isNull()) {
                errors.add(file + ": expected keys and values");
            }
        } catch (IOException e) {
            errors.add(file + " cannot be read: " + e.getMessage());
        }
    }

    private void flatten(String prefix, JsonNode node, String origin) {
        node.properties().forEach(entry -> {
            String path = prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey();
            if (entry.getValue().isObject()) {
                flatten(path, entry.getValue(), origin);
            } else {
                given.put(path, new Given(entry.getValue().asText(), origin));
            }
        });
    }
}
