package io.millrace.processor;

import io.millrace.processor.topology.StreamsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The state directory and the name of the instance whose it is. The name is the member id in the consumer group: one that
 * is the same after a restart gets its partitions, and so the state on this disk, back without a rebalance.
 */
final class StateDirectory {
    private static final String NAME_FILE = "instance-id";

    private StateDirectory() {}

    /** Makes the directory, and a name where none was configured and none was kept. */
    static StreamsSettings claim(StreamsSettings settings) throws IOException {
        Path directory = settings.stateDir();
        Files.createDirectories(directory);
        if (!settings.instanceId().isEmpty()) {
            return settings;
        }
        Path file = directory.resolve(NAME_FILE);
        if (!Files.exists(file)) {
            Files.writeString(file, "processor-" + UUID.randomUUID(), StandardCharsets.UTF_8);
        }
        return settings.withInstanceId(
                Files.readString(file, StandardCharsets.UTF_8).strip());
    }
}
