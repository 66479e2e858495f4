package io.millrace.processor.model;

import ai.djl.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The artifact of a model of kind djl: parameters in DJL's file format. */
final class NetworkFile {
    private static final String NAME = "network";
    private static final String FILE = NAME + "-0000.params";

    private NetworkFile() {}

    /** A model's parameters, by way of a temporary directory: DJL writes files only. */
    static byte[] of(Model model) throws IOException {
        model.setProperty("Epoch", "0");
        Path folder = Files.createTempDirectory("millrace-network");
        try {
            model.save(folder, NAME);
            return Files.readAllBytes(folder.resolve(FILE));
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(FILE));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
