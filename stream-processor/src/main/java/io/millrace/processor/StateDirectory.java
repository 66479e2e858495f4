package io.millrace.processor;

import io.millrace.processor.topology.StreamsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state directory and the name of the instance whose it is. The name is the member id in the consumer group: one that
 * is the same after a restart gets its partitions, and so the state on this disk, back without a rebalance.
 */
final class StateDirectory {
    private static final Logger log = LoggerFactory.getLogger(StateDirectory.class);

    private static final String NAME_FILE = "instance-id";
    /** As Kafka takes them. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

    private StateDirectory() {}

    /** Makes the directory, and a name where none was configured and none was kept. */
    static StreamsSettings claim(StreamsSettings settings) throws IOException {
        Path directory = settings.stateDir();
        Files.createDirectories(directory);
        if (!settings.instanceId().isEmpty()) {
            return settings;
        }
        Path file = directory.resolve(NAME_FILE);
        String kept = Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip() : "";
        if (NAME.matcher(kept).matches()) {
            return settings.withInstanceId(kept);
        }
        String name = "processor-" + UUID.randomUUID();
        if (Files.exists(file)) {
            log.atWarn()
                    .addKeyValue("instance", name)
                    .log(
                            "{} holds no name: this instance has a new one, and its partitions once the group has missed the"
                                    + " one before",
                            file);
        }
        // Whole or not at all: a crash in between leaves no half of a name.
        Path writing = directory.resolve(NAME_FILE + ".tmp");
        Files.writeString(writing, name, StandardCharsets.UTF_8);
        Files.move(writing, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return settings.withInstanceId(name);
    }
}
