package io.millrace.standalone.door;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Producers of every protocol before one door and one broker, whose start takes as long as most of these tests together. */
class ProducersIT {
    private static DoorStage stage;

    @BeforeAll
    static void open(@TempDir Path folder) {
        stage = new DoorStage(folder, Map.of("ingest.mqtt.enabled", "true", "ingest.mqtt.port", "0"));
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    static DoorStage stage() {
        return stage;
    }

    @Nested
    class OfSdks extends SdksTests {}

    @Nested
    class OfDevices extends MqttTests {}
}
