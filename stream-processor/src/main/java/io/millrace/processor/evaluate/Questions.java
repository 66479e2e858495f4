package io.millrace.processor.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.config.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code evaluate} of a training's configuration: what the report tells apart and what it is put beside.
 *
 * @param session a gap longer than this between a user's scored events begins a new session
 * @param segments properties of the events
 * @param published figures of others
 */
record Questions(Duration session, List<String> segments, List<Published> published) {
    private static final Set<String> KEYS = Set.of("session", "segments", "published");
    private static final Set<String> PUBLISHED_KEYS = Set.of("what", "beside", "figure", "source", "split");
    static final Questions NONE = new Questions(Duration.ofMinutes(30), List.of(), List.of());

    Questions {
        segments = List.copyOf(segments);
        published = List.copyOf(published);
    }

    /** @throws IllegalArgumentException if something in the section is wrong, saying what */
    static Questions read(Path file) throws IOException {
        try {
            JsonNode section =
                    new YAMLMapper().readTree(Files.readAllBytes(file)).path("evaluate");
            if (section.isMissingNode() || section.isNull()) {
                return NONE;
            }
            known(section, "evaluate", KEYS);
            List<String> segments = new ArrayList<>();
            section.path("segments").forEach(segment -> segments.add(segment.asText()));
            List<Published> published = new ArrayList<>();
            for (JsonNode each : section.path("published")) {
                known(each, "evaluate.published", PUBLISHED_KEYS);
                published.add(new Published(
                        needed(each, "what"),
                        beside(each),
                        needed(each, "figure"),
                        text(each, "source"),
                        needed(each, "split")));
            }
            String session = text(section, "session");
            return new Questions(session == null ? NONE.session() : Key.parseDuration(session), segments, published);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + ", line " + e.getLocation().getLineNr() + ": expected YAML that says what to train", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static void known(JsonNode section, String path, Set<String> keys) {
        for (Iterator<String> names = section.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!keys.contains(name)) {
                throw new IllegalArgumentException(
                        path + "." + name + ": given, and no key of that name is known; expected" + " one of "
                                + keys.stream().sorted().toList());
            }
        }
    }

    private static @Nullable String text(JsonNode node, String key) {
        return node.hasNonNull(key) ? node.get(key).asText() : null;
    }

    private static @Nullable String beside(JsonNode node) {
        String key = text(node, "beside");
        if (key != null && !Figures.keys().contains(key)) {
            throw new IllegalArgumentException(
                    "evaluate.published.beside: given " + key + ", expected one of " + Figures.keys());
        }
        return key;
    }

    private static String needed(JsonNode node, String key) {
        String text = text(node, key);
        if (text == null) {
            throw new IllegalArgumentException("evaluate.published." + key + ": given none, expected a text");
        }
        return text;
    }
}
