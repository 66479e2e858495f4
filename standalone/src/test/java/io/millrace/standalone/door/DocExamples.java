package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The examples of docs/producers.md that are made of curl, as they stand there. */
final class DocExamples {
    /** Of the events that they post. */
    static final String[] IDS = {
        "018f2c5e-7b1a-7c3d-9e4f-1a2b3c4d5e70",
        "018f2c5e-7b1a-7c3d-9e4f-1a2b3c4d5e6f",
        "/shop/web|e-44600062",
        "018f2c5e-7b1a-7c3d-9e4f-1a2b3c4d5e71"
    };

    private static final Path PRODUCERS = Path.of("../docs/producers.md");
    private static final int LINES = 5;

    private DocExamples() {}

    /** Runs each as its reader does, but that a refusal fails, and what may come again does. */
    static void run(DoorStage stage) throws Exception {
        assumeTrue(ClientsIT.isThere("curl") && ClientsIT.isThere("bash"), "Left out: curl is not on this machine");
        List<String> examples = Arrays.stream(Files.readString(PRODUCERS).split("\n(?! {4})", -1))
                .filter(block -> block.contains("\n    curl "))
                .toList();
        for (String example : examples) {
            ClientsIT.run(
                    Path.of("."),
                    List.of(
                            "bash",
                            "-c",
                            "curl() { command curl --fail-with-body --retry 5 \"$@\"; }; MILLRACE=" + stage.uri("")
                                    + " WRITE_KEY=" + DoorStage.WRITE_KEY + "\n" + example));
        }

        assertThat(examples)
                .hasSize(IDS.length)
                .allMatch(example -> example.strip().lines().count() <= LINES);
    }
}
