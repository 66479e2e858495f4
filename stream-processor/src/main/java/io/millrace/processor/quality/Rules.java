package io.millrace.processor.quality;

import io.millrace.identity.ModelVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All versions that are watched, and which of them wait for an event. Immutable. */
final class Rules {
    static final Rules NONE = new Rules(Map.of());

    private final Map<ModelVersion, Rule> byVersion;
    private final Map<Long, Rule> byKey = new HashMap<>();
    private final Map<String, List<Rule>> byName = new HashMap<>();
    private final List<Rule> ofOtherNames;
    private final boolean isAnyWaiting;

    private Rules(Map<ModelVersion, Rule> rules) {
        byVersion = rules;
        rules.values().forEach(rule -> byKey.put(rule.key, rule));
        List<Rule> waiting = rules.values().stream().filter(Rule::waits).toList();
        isAnyWaiting = !waiting.isEmpty();
        ofOtherNames =
                waiting.stream().filter(rule -> rule.waitsFor().isOfAll()).toList();
        for (Rule rule : waiting) {
            for (String name : rule.names()) {
                byName.computeIfAbsent(name, unused -> new ArrayList<>(ofOtherNames))
                        .add(rule);
            }
        }
    }

    Rules with(Rule rule) {
        Map<ModelVersion, Rule> more = new HashMap<>(byVersion);
        more.put(rule.manifest.model(), rule);
        return new Rules(Map.copyOf(more));
    }

    @Nullable
    Rule of(ModelVersion model) {
        return byVersion.get(model);
    }

    @Nullable
    Rule of(long key) {
        return byKey.get(key);
    }

    /** Whether a prediction of any version waits for what its user does later. */
    boolean isAnyWaiting() {
        return isAnyWaiting;
    }

    /** Whether one waits for events of this name, and not of all: it is remembered though nothing is open. */
    boolean isNamed(String name) {
        return byName.containsKey(name);
    }

    /** Those that wait for an event of the name. */
    List<Rule> matching(String name) {
        return byName.getOrDefault(name, ofOtherNames);
    }
}
