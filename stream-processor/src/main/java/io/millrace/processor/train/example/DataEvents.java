package io.millrace.processor.train.example;

import io.millrace.event.Event;
import io.millrace.processor.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the events that a configuration names, wherever they are. */
public final class DataEvents {
    private DataEvents() {}

    /**
     * @param folder of the files
     * @param bootstrapServers of the broker with the topic, or null
     * @param say hears what the data are
     * @throws IllegalArgumentException if something is not as it should be, or there are none, saying what
     */
    public static List<Event> read(
            TrainConfig.Data from, Path folder, @Nullable String bootstrapServers, Consumer<String> say)
            throws IOException {
        List<Event> events = from.topic() == null
                ? FileEvents.read(from.files().stream().map(folder::resolve).toList(), from, say)
                : TopicEvents.read(from.topic(), bootstrapServers, from);
        if (events.isEmpty()) {
            throw new IllegalArgumentException(from.named() + ": given no events, expected some");
        }
        say.accept(DataText.events(events));
        return events;
    }
}
