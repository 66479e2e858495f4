package io.millrace.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.data.Credentials;
import io.millrace.standalone.data.DataFolder;
import io.millrace.standalone.trace.LogSearch;
import io.millrace.standalone.trace.StoredPredictions;
import io.millrace.standalone.trace.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "trace",
        description = {
            "Shows what every process has told of a trace or an event, by time, and the event's predictions.",
            "Events whose trace is sampled leave a line at each step; others when they are refused, or at log.level debug."
        },
        mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    /** Of one trace; a batch may have thousands. */
    private static final int MOST_EVENTS = 20;

    private static final Set<String> SHOWN_ELSEWHERE = Set.of("logger", "thread", "stack");

    @Parameters(paramLabel = "ID", description = "A trace id of 32 hexadecimal digits, a traceparent, or an event id.")
    private String id = "";

    @Option(
            names = "--logs",
            paramLabel = "PATH",
            arity = "1..*",
            description = "JSON logs, or folders of them, .gz too; default: the logs of --data.")
    private List<Path> logs = new ArrayList<>();

    @Option(names = "--url", paramLabel = "URL", description = "The Millrace to ask for predictions; with --token.")
    private @Nullable String url;

    @Option(names = "--token", paramLabel = "TOKEN", description = "A token that may read predictions.")
    private @Nullable String token;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder of a Millrace on this machine; default ${DEFAULT-VALUE}.",
            defaultValue = "data")
    private Path data = Path.of("data");

    @Option(names = "--json", description = "One JSON object a line, as the logs have them.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        if ((url == null) != (token == null)) {
            throw new WrongUsageException("--url and --token go together.");
        }
        String wanted = id.matches("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}") ? id.substring(3, 35) : id;
        LogSearch search = new LogSearch(places());
        List<Told> told = new ArrayList<>(search.about(wanted));
        told.addAll(predictions(wanted, told));
        told.sort(Comparator.comparing(Told::at));
        told.forEach(json ? line -> System.out.println(line.line()) : TraceCommand::print);
        if (told.isEmpty()) {
            System.err.println("Nothing about " + wanted + " in " + search.files()
                    + " log files. A trace leaves lines where it is sampled (traceparent ending in 01, or tracing.sample),"
                    + " and otherwise where an event is refused.");
            return 1;
        }
        return 0;
    }

    private List<Path> places() {
        if (!logs.isEmpty()) {
            return logs;
        }
        Path folder = DataFolder.logs(data);
        if (!Files.isDirectory(folder)) {
            throw new WrongUsageException(
                    "no logs in " + folder + ": give them with --logs, or the data folder with --data.");
        }
        return List.of(folder);
    }

    /** Of the event itself, or of those that the trace's lines name. */
    private List<Told> predictions(String wanted, List<Told> lines) throws InterruptedException {
        StoredPredictions store = store();
        List<Told> found = new ArrayList<>();
        if (store == null) {
            return found;
        }
        Set<String> events = new LinkedHashSet<>();
        lines.stream().map(Told::event).filter(event -> !event.isEmpty()).forEach(events::add);
        if (!wanted.matches("[0-9a-f]{32}")) {
            events.add(wanted);
        }
        try {
            for (String event : events.stream().limit(MOST_EVENTS).toList()) {
                found.addAll(store.of(event));
            }
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("Without predictions: " + e);
        }
        return found;
    }

    private @Nullable StoredPredictions store() {
        if (url != null && token != null) {
            return new StoredPredictions(url, token);
        }
        try {
            Credentials credentials = Credentials.read(data);
            return new StoredPredictions(credentials.url(), credentials.tokens().analyst());
        } catch (IOException e) {
            return null; // logs alone
        }
    }

    private static void print(Told told) {
        StringBuilder more = new StringBuilder();
        for (Map.Entry<String, JsonNode> entry : told.line().path("context").properties()) {
            if (!SHOWN_ELSEWHERE.contains(entry.getKey()) && !entry.getValue().isNull()) {
                more.append("  ")
                        .append(entry.getKey())
                        .append('=')
                        .append(entry.getValue().asText());
            }
        }
        System.out.printf(
                "%s  %-16s  %-5s  %-16s  %s%s%n",
                TIME.format(told.at()),
                told.service(),
                told.line().path("level").asText(),
                told.line().path("span_id").asText("-"),
                told.line().path("message").asText(),
                more);
    }
}
