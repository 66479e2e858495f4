package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.topic.Topic;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that others make of the contracts, against a running door: those that openapi-generator makes of openapi.yaml in
 * Java and TypeScript (this module's build generates them under target/clients), and grpc-js with the proto files. Each is
 * compiled and run by a compiler and a process of its own, with the settings its users have.
 */
class ClientsIT {
    private static final Path GENERATED = Path.of("target/clients").toAbsolutePath();
    static final Path SOURCES = Path.of("src/test/clients").toAbsolutePath();
    static final Path NODE = Path.of("target/node").toAbsolutePath();

    private static DoorStage stage;

    @BeforeAll
    static void open(@TempDir Path folder) {
        stage = new DoorStage(folder, Map.of());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void generatedJavaClient_postsEvents(@TempDir Path classes) throws Exception {
        List<String> compile = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                "-proc:none",
                "-nowarn",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SOURCES.resolve("UseClient.java").toString()));
        try (Stream<Path> files = Files.walk(GENERATED.resolve("java/src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> compile.add(file.toString()));
        }
        run(Path.of("."), compile);

        run(
                Path.of("."),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes + File.pathSeparator + System.getProperty("java.class.path"),
                        "UseClient",
                        stage.uri("").toString(),
                        DoorStage.WRITE_KEY,
                        "from-java"));

        assertOnTopic("from-java");
    }

    @Test
    void generatedTypeScriptClient_postsEvents(@TempDir Path folder) throws Exception {
        needNode();
        copy(GENERATED.resolve("typescript"), folder.resolve("generated"));
        Files.copy(SOURCES.resolve("use-client.ts"), folder.resolve("use-client.ts"));
        run(
                folder,
                List.of(
                        "node",
                        NODE.resolve("node_modules/typescript/bin/tsc").toString(),
                        "--strict",
                        "--target",
                        "es2022",
                        "--module",
                        "commonjs",
                        "--lib",
                        "es2022,dom",
                        "use-client.ts"));

        run(folder, List.of("node", "use-client.js", stage.uri("").toString(), DoorStage.WRITE_KEY, "from-typescript"));

        assertOnTopic("from-typescript");
    }

    @Test
    void grpcJs_postsEvents() throws Exception {
        needNode();
        Path script = NODE.resolve("grpc-client.js");
        Files.copy(SOURCES.resolve("grpc-client.js"), script, StandardCopyOption.REPLACE_EXISTING);

        run(
                NODE,
                List.of(
                        "node",
                        script.toString(),
                        "127.0.0.1:" + stage.ingest.port(),
                        DoorStage.WRITE_KEY,
                        "from-grpc-js",
                        Path.of("../schemas/proto").toAbsolutePath().toString()));

        assertOnTopic("from-grpc-js");
        assertOnTopic("from-grpc-js-499");
    }

    /** Installs into target/, once for each set of versions. */
    static void needNode() throws Exception {
        assumeTrue(isThere("node") && isThere("npm"), "Left out: node and npm are not on this machine");
        Path wanted = SOURCES.resolve("package.json");
        Path installed = NODE.resolve("package.json");
        if (Files.exists(NODE.resolve("done")) && Files.mismatch(wanted, installed) == -1) {
            return;
        }
        Files.createDirectories(NODE);
        // Whoever looks meanwhile, or after an end in the middle, must not take the old for the new.
        Files.deleteIfExists(NODE.resolve("done"));
        Files.copy(wanted, installed, StandardCopyOption.REPLACE_EXISTING);
        run(NODE, List.of("npm", "install", "--no-audit", "--no-fund", "--no-package-lock"));
        Files.writeString(NODE.resolve("done"), "");
    }

    static boolean isThere(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static void run(Path folder, List<String> command) throws Exception {
        Path output = Files.createTempFile("millrace-client", ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output);
        Files.delete(output);

        assertThat(ended).as(said).isTrue();
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void assertOnTopic(String id) {
        assertThat(stage.records(Topic.USER_EVENTS))
                .anyMatch(found -> new String(found.value(), StandardCharsets.UTF_8).contains("\"" + id + "\""));
    }
}
