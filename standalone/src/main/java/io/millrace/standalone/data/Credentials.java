package io.millrace.standalone.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one needs to talk to a running Millrace; {@code credentials.json} in its data folder.
 *
 * @param url of the HTTP API, without a slash at the end
 * @param writeKey HTTP Basic user name of a producer
 * @param tokens bearer tokens
 * @param kafka bootstrap address
 * @param postgres connection URI with user and password, as psql takes it
 */
public record Credentials(String url, String writeKey, Tokens tokens, String kafka, String postgres) {
    private static final String FILE = "credentials.json";
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /**
     * One token for each role.
     *
     * @param producer posts events
     * @param analyst reads predictions
     * @param operator does both and runs it
     */
    public record Tokens(String producer, String analyst, String operator) {}

    /** Replaces the folder's file. */
    public void write(Path folder) throws IOException {
        try {
            PrivateFile.write(
                    folder.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of texts are JSON", e);
        }
    }

    /**
     * Reads the folder's file.
     *
     * @throws IOException with a sentence if there is none or it is no such file
     */
    public static Credentials read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no " + file + ": start Millrace with `millrace run --data " + folder
                    + "`, or give --url and --token.");
        }
        try {
            return JSON.readValue(file.toFile(), Credentials.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no credentials file: " + e.getOriginalMessage(), e);
        }
    }
}
