package io.millrace.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.cli.Target.Address;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "erase",
        description = "Erases a user: profile, features, seen ids and predictions. Waits until nothing of it is found.",
        mixinStandardHelpOptions = true)
final class EraseUserCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration REQUEST = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long BETWEEN_MILLIS = 250;

    @Mixin
    private Target target = new Target();

    @Parameters(index = "0", paramLabel = "SOURCE", description = "Whose events they were.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "USERID", description = "The user's id.")
    private String user = "";

    @Option(names = "--anonymous", description = "The id is a visitor's anonymous id.")
    private boolean anonymous;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @Override
    public Integer call() throws InterruptedException {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        Address address = target.address(credentials -> credentials.tokens().operator());
        String path = address.url() + "/v1/users/" + encoded(user) + "?source=" + encoded(source);
        HttpResponse<String> order = send(address, "DELETE", path + (anonymous ? "&anonymous=true" : ""));
        if (order.statusCode() != 202) {
            throw new CommandFailedException(detail(order));
        }
        if (!anonymous) {
            awaitGone(address, path);
        }
        System.out.printf(
                "%s of %s %s. Records on the topics user-events, predictions and dead-letters go when their retention is"
                        + " over (docs/operations.md).%n",
                user, source, anonymous ? "is to be erased within moments" : "is erased");
        return 0;
    }

    private void awaitGone(Address address, String path) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            HttpResponse<String> known = send(address, "GET", path);
            if (known.statusCode() == 404) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new CommandFailedException(
                        "the order is on the broker, and will be obeyed; but within " + PATIENCE
                                + " something of the user could still be found or could not be asked for: "
                                + (known.statusCode() == 200 ? "it may have posted since" : detail(known)));
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
        }
    }

    private HttpResponse<String> send(Address address, String method, String url) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(REQUEST)
                .header("Authorization", "Bearer " + address.token())
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailedException(address.url() + " does not answer: " + e.getMessage(), e);
        }
    }

    private static String detail(HttpResponse<String> answer) {
        try {
            JsonNode problem = JSON.readTree(answer.body());
            return problem.path("detail").asText("no reason") + " (" + answer.statusCode() + ")";
        } catch (IOException e) {
            return "given status " + answer.statusCode() + " and no JSON, expected Millrace's door";
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
