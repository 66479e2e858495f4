package io.millrace.standalone.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.identity.Sha256;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.registry.Candidate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models as somebody might push them: the committed TorchScript files, with manifests around them. */
public record Pushed(String name, String version, byte[] artifact, String yaml) {
    private static final Path FIXTURES = Path.of("../stream-processor/src/test/resources/torchscript");

    /** Of a file that takes four dense features. */
    public static Pushed of(String name, String version, String file) {
        return of(name, version, bytes(file));
    }

    public static Pushed of(String name, String version, byte[] artifact) {
        return new Pushed(name, version, artifact, """
                name: %s
                version: "%s"
                kind: torchscript
                artifact: model.pt
                sha256: %s
                features:
                  - {type: property, name: f0, property: f0}
                  - {type: property, name: f1, property: f1}
                  - {type: property, name: f2, property: f2}
                  - {type: property, name: f3, property: f3}
                label: fixture
                threshold: 0.5
                provenance: {trainedOn: nothing, licence: Apache-2.0}
                """.formatted(name, version, Sha256.of(artifact)));
    }

    /** Where a committed file is. */
    public static Path file(String name) {
        return FIXTURES.resolve(name);
    }

    public static byte[] bytes(String file) {
        try {
            return Files.readAllBytes(file(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Candidate candidate() throws ModelRefusedException {
        return Candidate.of(yaml.getBytes(UTF_8), artifact, null);
    }

    Candidate signed(String signature) throws ModelRefusedException {
        return Candidate.of(yaml.getBytes(UTF_8), artifact, signature);
    }
}
