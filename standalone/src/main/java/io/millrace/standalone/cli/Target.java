package io.millrace.standalone.cli;

import io.millrace.standalone.data.Credentials;
import io.millrace.standalone.post.Door;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The Millrace that a command talks to: an address and a token, or the data folder that knows both. */
final class Target {
    @Option(names = "--url", paramLabel = "URL", description = "The Millrace to talk to; goes with --token.")
    private @Nullable String url;

    @Option(names = "--token", paramLabel = "TOKEN", description = "A write key or a bearer token; goes with --url.")
    private @Nullable String token;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder of a Millrace on this machine; its credentials.json tells the address and"
                    + " the token. Default: ${DEFAULT-VALUE}.",
            defaultValue = "data")
    private Path data = Path.of("data");

    /** Where, and as whom. */
    record Address(String url, String token) {}

    /** @param fromFolder the credential that the command needs, where a data folder gives it */
    Address address(Function<Credentials, String> fromFolder) {
        if (url != null && token != null) {
            checkUrl(url);
            return new Address(url, token);
        }
        if (url != null || token != null) {
            throw new WrongUsageException("--url and --token go together.");
        }
        Credentials credentials = credentials(data);
        return new Address(credentials.url(), fromFolder.apply(credentials));
    }

    /** The broker that the data folder knows; null where there is no such folder. */
    @Nullable
    String kafka() {
        return Files.isRegularFile(data.resolve("credentials.json"))
                ? credentials(data).kafka()
                : null;
    }

    /**
     * The broker of the Millrace that the command talks to.
     *
     * @param given on the command line, or null
     */
    String broker(@Nullable String given) {
        if (given != null) {
            return given;
        }
        if (url != null) {
            // The folder's broker belongs to the folder's door.
            throw new WrongUsageException("--url goes with --kafka, too: artifacts are read from the broker.");
        }
        return credentials(data).kafka();
    }

    private static void checkUrl(String url) {
        try {
            new Door(url, "");
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException("--url: given \"" + url + "\", expected http:// or https:// and a host.");
        }
    }

    /** What a data folder knows. */
    static Credentials credentials(Path data) {
        try {
            return Credentials.read(data);
        } catch (IOException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }
}
