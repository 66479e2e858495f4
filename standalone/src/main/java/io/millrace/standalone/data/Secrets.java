package io.millrace.standalone.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The secrets of one data folder, made at its first start and kept, so that producers go on after a restart.
 *
 * @param writeKey of the default source
 * @param signingSecret that the bearer tokens are signed with
 * @param postgresPassword of the database's owner
 */
public record Secrets(String writeKey, String signingSecret, String postgresPassword) {
    private static final String FILE = "secrets.json";
    private static final int BYTES = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The folder's secrets; new ones if it has none. */
    public static Secrets of(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
            try {
                return JSON.readValue(file.toFile(), Secrets.class);
            } catch (JsonProcessingException e) {
                throw new IOException(file + " is no secrets file: " + e.getOriginalMessage(), e);
            }
        }
        Secrets made = new Secrets("wk_" + random(), random(), random());
        PrivateFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(made) + "\n");
        return made;
    }

    /** Not to be logged. */
    @Override
    public String toString() {
        return "Secrets[…]";
    }

    private static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
