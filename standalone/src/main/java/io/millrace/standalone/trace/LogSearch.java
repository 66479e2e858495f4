package io.millrace.standalone.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Looks through the JSON logs of any number of processes, rolled and compressed ones too. A line may have something before
 * its object, as what collects containers' output puts there.
 */
public final class LogSearch {
    /** Kept at most; who asks for more asks for a log, not for a trace. */
    private static final int MOST = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Path> files;

    /**
     * Finds the files.
     *
     * @param places files, or folders whose files are logs
     * @throws IOException if one is not there
     */
    public LogSearch(Collection<Path> places) throws IOException {
        Set<Path> found = new LinkedHashSet<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> inside = Files.walk(place)) {
                    inside.filter(LogSearch::isLog).sorted().forEach(found::add);
                }
            } else if (Files.isReadable(place)) {
                found.add(place);
            } else {
                throw new IOException(place + ": expected a log or a folder of logs, found nothing that can be read");
            }
        }
        files = List.copyOf(found);
    }

    public int files() {
        return files.size();
    }

    /**
     * Every line about the id, by time: those that name it, and for an event the lines of its trace that name no other
     * event, such as its request's.
     */
    public List<Told> about(String id) throws IOException {
        List<Told> lines = read(told -> told.concerns(id));
        Set<String> traces = new HashSet<>();
        lines.stream().map(Told::trace).filter(trace -> !trace.isEmpty()).forEach(traces::add);
        if (!traces.isEmpty() && !traces.contains(id)) {
            lines = read(told -> told.concerns(id) || (told.event().isEmpty() && traces.contains(told.trace())));
        }
        lines.sort(Comparator.comparing(Told::at));
        return lines;
    }

    private List<Told> read(Predicate<Told> wanted) throws IOException {
        List<Told> lines = new ArrayList<>();
        for (Path file : files) {
            try (BufferedReader reader = open(file)) {
                for (String line = reader.readLine(); line != null && lines.size() < MOST; line = reader.readLine()) {
                    parse(line).filter(wanted).ifPresent(lines::add);
                }
            }
        }
        return lines;
    }

    private static Optional<Told> parse(String line) {
        int begin = line.indexOf('{');
        if (begin < 0) {
            return Optional.empty();
        }
        try {
            return Told.of(JSON.readTree(line.substring(begin)));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // a line of text, or one that is being written
        }
    }

    private static BufferedReader open(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        boolean zipped = String.valueOf(file.getFileName()).endsWith(".gz");
        return new BufferedReader(
                new InputStreamReader(zipped ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8));
    }

    private static boolean isLog(Path file) {
        String name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file) && name.matches(".*\\.(log|json|ndjson)(\\.gz)?");
    }
}
