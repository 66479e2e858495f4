package io.millrace.standalone.topics;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.standalone.topics.PipelineWatch.Seen;
import io.millrace.standalone.topics.TopicReport.GroupState;
import io.millrace.standalone.topics.TopicReport.TopicState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What was seen, as lines of text: all of it, or as much as a terminal has room for. One file, so that the columns of its parts
 * can be seen side by side.
 */
public final class Screen {
    private static final int BAR = 20;
    private static final int OWNER = 24;
    private static final int LEAST_TOPIC = 16;

    private final List<String> head = new ArrayList<>();
    private final List<String> instances = new ArrayList<>();
    private final List<String> topics = new ArrayList<>();
    private final List<String> partitions = new ArrayList<>();

    private Screen(Seen seen) {
        JsonNode pipeline = seen.pipeline();
        head(seen, pipeline);
        instances(pipeline.path("instances"));
        TopicReport.State state = seen.topics();
        if (state != null) {
            topics(state);
        }
        partitions(pipeline.path("partitionLags"));
    }

    /** All of it. */
    public static List<String> all(Seen seen) {
        Screen screen = new Screen(seen);
        List<String> lines = new ArrayList<>(screen.head);
        for (List<String> part : List.of(screen.instances, screen.topics, screen.partitions)) {
            if (!part.isEmpty()) {
                lines.add("");
                lines.addAll(part);
            }
        }
        return lines;
    }

    /**
     * What fits. Instances come first; then topics, and then the partitions, the furthest behind first.
     *
     * @param rows at least 1
     * @param columns of each line
     */
    public static List<String> fitted(Seen seen, int rows, int columns) {
        Screen screen = new Screen(seen);
        List<String> lines = new ArrayList<>(screen.head);
        List<List<String>> parts = List.of(screen.instances, screen.topics, screen.partitions);
        for (int i = 0; i < parts.size(); i++) {
            // Each part leaves the later ones a few lines, where they have any.
            int kept = (parts.size() - 1 - i) * 4;
            int room = rows - lines.size() - 1 - kept;
            if (i == parts.size() - 1) {
                room = rows - lines.size() - 1;
            }
            add(lines, parts.get(i), room);
        }
        return lines.stream()
                .limit(Math.max(1, rows))
                .map(line -> line.length() > columns ? line.substring(0, Math.max(0, columns - 1)) + "…" : line)
                .toList();
    }

    private static void add(List<String> lines, List<String> part, int room) {
        if (part.isEmpty() || room < 2) {
            return;
        }
        lines.add("");
        if (part.size() <= room) {
            lines.addAll(part);
        } else {
            lines.addAll(part.subList(0, room - 1));
            lines.add("  … and " + (part.size() - room + 1) + " more");
        }
    }

    /** One line for logs. */
    public static String line(Seen seen) {
        JsonNode pipeline = seen.pipeline();
        String text = String.format(
                Locale.ROOT,
                "%s partitions %s lag %s received %s/s processed %s/s instances %d store lag %s",
                pipeline.path("at").asText(),
                pipeline.path("partitions").asText("?"),
                count(pipeline.path("lag")),
                rate(pipeline.path("rates").path("received")),
                rate(pipeline.path("rates").path("processed")),
                pipeline.path("instances").size(),
                count(pipeline.path("store").path("lag")));
        JsonNode move = pipeline.path("move");
        return text
                + (move.isObject() ? " move " + move.path("phase").asText() + " " + percent(move) : "")
                + (seen.failure() == null ? "" : " " + seen.failure());
    }

    private void head(Seen seen, JsonNode pipeline) {
        JsonNode layout = pipeline.path("layout");
        head.add(String.format(
                "%-9s %s partitions on %s   layout %s, %s   %s",
                "pipeline",
                pipeline.path("partitions").asText("?"),
                layout.path("topic").asText("?"),
                layout.path("number").asText("?"),
                layout.path("phase").asText("?"),
                pipeline.path("at").asText()));
        JsonNode rates = pipeline.path("rates");
        head.add(String.format(
                "%-9s %s/s received   %s/s processed   %s/s predicted",
                "rate", rate(rates.path("received")), rate(rates.path("processed")), rate(rates.path("predicted"))));
        JsonNode store = pipeline.path("store");
        head.add(String.format(
                "%-9s %s events   store %s predictions, %s   dead letters %s",
                "lag",
                count(pipeline.path("lag")),
                count(store.path("lag")),
                !store.has("connected")
                        ? "not known"
                        : store.path("connected").asBoolean()
                                ? "connected"
                                : store.path("detail").asText("away"),
                count(pipeline.path("deadLetters"))));
        JsonNode move = pipeline.path("move");
        if (move.isObject()) {
            head.add(String.format(
                    "%-9s %s -> %s partitions, %s  %s  pause about %s s",
                    "move",
                    move.path("from").path("partitions").asText(),
                    move.path("to").path("partitions").asText(),
                    move.path("phase").asText(),
                    bar(move),
                    move.path("expectedPauseSeconds").asText("?")));
        }
        if (seen.failure() != null) {
            head.add(seen.failure());
        }
        for (JsonNode missing : pipeline.path("missing")) {
            String reason = missing.path("reason").asText();
            if (missing.path("part").asText().equals("instances") && !head.contains(reason)) {
                head.add(String.format("%-9s %s", "missing", reason));
            }
        }
    }

    private static String bar(JsonNode move) {
        long total = move.path("total").asLong();
        long copied = Math.min(total, move.path("copied").asLong());
        int full = total == 0 ? 0 : (int) (BAR * copied / total);
        return String.format(
                "[%s%s] %s of %s records, %s untaken",
                "#".repeat(full),
                " ".repeat(BAR - full),
                count(move.path("copied")),
                count(move.path("total")),
                count(move.path("untaken")));
    }

    private static String percent(JsonNode move) {
        long total = move.path("total").asLong();
        return total == 0 ? "? %" : 100 * Math.min(total, move.path("copied").asLong()) / total + " %";
    }

    private void instances(JsonNode all) {
        if (all.isEmpty()) {
            return;
        }
        instances.add(String.format(
                "%-" + OWNER + "s %-12s %7s  %-10s %-9s %9s %9s  %s",
                "instance",
                "state",
                "threads",
                "active",
                "standby",
                "state",
                "events/s",
                "models"));
        for (JsonNode one : all) {
            if (one.has("unreachable")) {
                instances.add(String.format(
                        "%-" + OWNER + "s %s",
                        one.path("address").asText(),
                        one.path("unreachable").asText()));
                continue;
            }
            instances.add(String.format(
                    "%-" + OWNER + "s %-12s %7s  %-10s %-9s %9s %9s  %s",
                    one.path("address").asText(),
                    one.path("state").asText("in the group"),
                    one.has("threads") ? one.path("threads").size() : "",
                    ranges(one.path("active")),
                    ranges(one.path("standby")),
                    one.has("stateBytes") ? bytes(one.path("stateBytes").asLong()) : "",
                    rate(one.path("rates").path("processed")),
                    one.path("models").isEmpty() ? "" : one.path("models").size()));
            long left = 0;
            long records = 0;
            for (JsonNode restoring : one.path("restoring")) {
                left += restoring.path("left").asLong();
                records += restoring.path("records").asLong();
            }
            if (!one.path("restoring").isEmpty()) {
                instances.add(String.format(
                        "  restoring %d changelog partitions: %,d of %,d records, %d %%",
                        one.path("restoring").size(),
                        records - left,
                        records,
                        records == 0 ? 100 : 100 * (records - left) / records));
            }
        }
    }

    private void topics(TopicReport.State state) {
        int widest = state.topics().stream()
                .mapToInt(topic -> topic.topic().length())
                .max()
                .orElse(LEAST_TOPIC);
        String name = "%-" + Math.max(LEAST_TOPIC, widest) + "s";
        topics.add(String.format(
                name + " %10s %6s %14s %10s   %s",
                "topic",
                "partitions",
                "copies",
                "records kept",
                "on disk",
                "end offsets"));
        for (TopicState topic : state.topics()) {
            topics.add(String.format(
                    name + " %10d %6d %,14d %10s   %s",
                    topic.topic(),
                    topic.partitions(),
                    topic.replicas(),
                    topic.records(),
                    topic.bytes().isPresent() ? bytes(topic.bytes().getAsLong()) : "?",
                    topic.ends().stream().map(String::valueOf).collect(Collectors.joining(" "))));
        }
        state.missing().forEach(topic -> topics.add(String.format(name + " is not there yet", topic)));
        for (GroupState group : state.groups()) {
            topics.add(String.format(
                    "group %-24s reads %-16s lag %s (markers of transactions included)",
                    group.group(),
                    group.topic(),
                    group.lag().isPresent() ? String.format("%,d", group.lag().getAsLong()) : "never committed"));
        }
    }

    private void partitions(JsonNode lags) {
        if (lags.isEmpty()) {
            return;
        }
        partitions.add(String.format("%9s %14s %14s %10s  %s", "partition", "end", "committed", "lag", "instance"));
        List<JsonNode> sorted = new ArrayList<>();
        lags.forEach(sorted::add);
        sorted.sort((a, b) -> Long.compare(b.path("lag").asLong(), a.path("lag").asLong()));
        for (JsonNode one : sorted) {
            partitions.add(String.format(
                    "%9d %14s %14s %10s  %s",
                    one.path("partition").asInt(),
                    count(one.path("end")),
                    one.has("committed") ? count(one.path("committed")) : "never",
                    count(one.path("lag")),
                    one.path("instance").asText()));
        }
    }

    /** 0-3,7 of tasks; those of another layout than the first one's have its number before them. */
    private static String ranges(JsonNode tasks) {
        StringBuilder text = new StringBuilder();
        int layout = -1;
        for (int i = 0; i < tasks.size(); i++) {
            int of = tasks.get(i).path("layout").asInt();
            int from = tasks.get(i).path("partition").asInt();
            int to = from;
            while (i + 1 < tasks.size()
                    && tasks.get(i + 1).path("layout").asInt() == of
                    && tasks.get(i + 1).path("partition").asInt() == to + 1) {
                to++;
                i++;
            }
            text.append(text.isEmpty() ? "" : of == layout ? "," : " ");
            text.append(of == layout || (layout == -1) ? "" : of + ":");
            layout = of;
            text.append(from == to ? String.valueOf(from) : from + "-" + to);
        }
        return text.isEmpty() ? "-" : text.toString();
    }

    private static String count(JsonNode number) {
        return number.isNumber() ? String.format("%,d", number.asLong()) : "?";
    }

    private static String rate(JsonNode number) {
        return number.isNumber() ? String.format("%,.1f", number.asDouble()) : "?";
    }

    static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < units.length - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    }
}
