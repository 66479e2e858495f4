package io.millrace.standalone.cli;

import io.millrace.standalone.data.Credentials;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pipeline a command is about that talks to Kafka and not to the door. */
final class PipelineOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder of a Millrace on this machine; default ${DEFAULT-VALUE}.")
    private Path data = Path.of("data");

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Bootstrap address; default: what --data knows.")
    private @Nullable String kafka;

    @Option(
            names = "--processor-group",
            paramLabel = "GROUP",
            description = "The processors' processor.application-id; default ${DEFAULT-VALUE}.")
    private String processorGroup = "millrace-processor";

    String bootstrap() {
        return kafka != null ? kafka : Target.credentials(data).kafka();
    }

    /** Of the data folder; null where the broker is named instead. */
    @Nullable
    Credentials credentials() {
        return kafka != null ? null : Target.credentials(data);
    }

    String processorGroup() {
        return processorGroup;
    }
}
