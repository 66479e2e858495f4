package io.millrace.processor.train.example;

import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.processor.train.config.TrainConfig;
import io.millrace.processor.train.file.EventFiles;
import io.millrace.processor.train.file.FileEvent;
import io.millrace.processor.train.file.FileLine;
import io.millrace.processor.train.file.UnreadableLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the events of files; of a sample of the users, all events, so that none has gaps. */
final class FileEvents {
    private final TrainConfig.Data data;
    private final List<Event> events = new ArrayList<>();
    private long leftOut;
    private @Nullable String first;

    private FileEvents(TrainConfig.Data data) {
        this.data = data;
    }

    /**
     * @param say hears what was left out
     * @throws IllegalArgumentException if a line is no event and the configuration does not say to leave such out, no
     *     line is one, or there are too many
     */
    static List<Event> read(List<Path> files, TrainConfig.Data data, Consumer<String> say) throws IOException {
        FileEvents read = new FileEvents(data);
        for (Path file : files) {
            try (Stream<FileLine> lines = EventFiles.open(file, data.shape())) {
                lines.forEach(line -> read.take(file, line));
            }
        }
        if (read.first != null) {
            if (read.events.isEmpty()) {
                throw new IllegalArgumentException(read.first + "; and no line of " + data.named() + " is an event");
            }
            say.accept("left out as no events: " + read.leftOut
                    + (read.leftOut == 1 ? " line, " : " lines, the first: ") + read.first);
        }
        return read.events;
    }

    private void take(Path file, FileLine line) {
        try {
            Event event = event(file, line, data.source());
            if (data.sample() >= 1 || UserHash.SAMPLE.of(event.user()) < data.sample()) {
                data.checkRoom(events.size());
                events.add(event);
            }
        } catch (UnreadableException e) {
            if (data.unreadable() == TrainConfig.Unreadable.REFUSE) {
                throw new IllegalArgumentException(
                        e.getMessage() + " (data.unreadable: leave-out trains without such lines)", e);
            }
            leftOut++;
            first = first == null ? e.getMessage() : first;
        }
    }

    private static Event event(Path file, FileLine line, Source source) throws UnreadableException {
        if (line instanceof FileEvent event) {
            try {
                return event.event(source);
            } catch (IllegalArgumentException e) {
                throw new UnreadableException(file + ", " + e.getMessage(), e);
            }
        }
        throw new UnreadableException(file + ", line " + line.line() + ": " + ((UnreadableLine) line).why(), null);
    }

    private static final class UnreadableException extends Exception {
        UnreadableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
