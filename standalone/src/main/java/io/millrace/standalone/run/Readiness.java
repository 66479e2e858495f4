package io.millrace.standalone.run;

import io.millrace.standalone.embedded.StartFailedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks /readyz until it says yes. */
final class Readiness {
    private static final long BETWEEN_MILLIS = 100;

    private Readiness() {}

    /** @throws StartFailedException with the last answer if it does not say yes in time */
    static void await(String url, Duration timeout) throws InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long giveUpAt = System.nanoTime() + timeout.toNanos();
        String last = "";
        while (System.nanoTime() - giveUpAt < 0) {
            try {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    return;
                }
                last = answer.body();
            } catch (IOException e) {
                last = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
        }
        throw new StartFailedException("Millrace was not ready within " + timeout.toSeconds() + " s: " + last);
    }
}
