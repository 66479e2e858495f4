package io.millrace.standalone.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.identity.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * How far a file was replayed to one door, kept beside other checkpoints. It only spares work: ids are a function of the
 * file, so what is posted twice counts once.
 */
final class Checkpoint {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final String file;
    private final long size;
    private final long modified;

    /** What the file on disk holds; a file that changed since is another file. */
    record Kept(String file, long size, long modified, long answeredLines) {}

    Checkpoint(Path folder, String url, Path file) throws IOException {
        this.file = file.toRealPath().toString();
        size = Files.size(file);
        modified = Files.getLastModifiedTime(file).toMillis();
        String name = Sha256.of((url + "\n" + this.file).getBytes(StandardCharsets.UTF_8))
                .hex();
        path = folder.resolve(name.substring(0, 16) + ".json");
    }

    /** How many lines from the top need not be posted again. */
    long read() throws IOException {
        if (!Files.exists(path)) {
            return 0;
        }
        try {
            Kept kept = JSON.readValue(path.toFile(), Kept.class);
            return kept.size() == size && kept.modified() == modified ? kept.answeredLines() : 0;
        } catch (JsonProcessingException e) {
            return 0; // it only spares work
        }
    }

    void write(long answeredLines) throws IOException {
        Files.createDirectories(path.getParent());
        Path partial = path.resolveSibling(path.getFileName() + ".partial");
        JSON.writeValue(partial.toFile(), new Kept(file, size, modified, answeredLines));
        Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
