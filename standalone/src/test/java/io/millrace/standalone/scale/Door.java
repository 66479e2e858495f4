package io.millrace.standalone.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.config.Settings;
import io.millrace.config.SharedKeys;
import io.millrace.identity.Sha256;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestKeys;
import io.millrace.standalone.embedded.Ports;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A door with one source. */
final class Door {
    private Door() {}

    /** Whoever starts it closes it. */
    static Ingest start(String bootstrap, String writeKey) throws Exception {
        Settings settings = Settings.gather(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap",
                        bootstrap,
                        "topics.partitions",
                        "2",
                        "ingest.http.port",
                        Integer.toString(Ports.free()),
                        "ingest.write-keys",
                        "web=" + Sha256.of(writeKey.getBytes(UTF_8))),
                Stream.concat(SharedKeys.ALL.stream(), IngestKeys.ALL.stream()).toList());
        IngestConfig config = IngestConfig.from(settings);
        settings.check();
        return Ingest.start(config, List.of());
    }
}
