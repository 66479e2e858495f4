package io.millrace.standalone.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.codec.DecodeException;
import io.millrace.codec.PredictionCodec;
import io.millrace.prediction.StoredPrediction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Some of a running Millrace's stored predictions, each as likely as any other, in one pass over those that the filters let
 * pass. A prediction's place in the draw is a function of its id and the seed: the same seed draws the same of the same
 * rows, in whatever order they come. Not thread-safe.
 */
public final class PredictionSample {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** For the head of the answer; the rest takes as long as it takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private record Drawn(long place, StoredPrediction prediction) {}

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final int most;
    private final long seed;
    private final PriorityQueue<Drawn> drawn =
            new PriorityQueue<>(Comparator.comparingLong(Drawn::place).reversed());
    private long seen;

    /** @param most that are drawn */
    public PredictionSample(int most, long seed) {
        this.most = most;
        this.seed = seed;
    }

    /**
     * Reads everything that the filters let pass, and draws.
     *
     * @param url of the door, without a slash at the end
     * @param filters parameters of {@code GET /v1/predictions}
     * @param progress is told how many were read, in all
     * @throws ModelsFailedException if the door refuses, or its answer breaks off
     */
    public void read(String url, String token, Map<String, String> filters, LongConsumer progress)
            throws ModelsFailedException, InterruptedException {
        String query = filters.entrySet().stream()
                .map(filter -> "&" + filter.getKey() + "=" + URLEncoder.encode(filter.getValue(), UTF_8))
                .collect(Collectors.joining());
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/predictions?format=ndjson" + query))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
                if (answer.statusCode() != 200) {
                    throw refused(answer.statusCode(), lines.lines().collect(Collectors.joining("\n")));
                }
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    take(PredictionCodec.decodeStored(line.getBytes(UTF_8)));
                    progress.accept(seen);
                }
            }
        } catch (IOException e) {
            throw new ModelsFailedException(
                    url + " does not answer to the end: " + e.getMessage() + " (after " + seen + " predictions)", e);
        } catch (DecodeException e) {
            throw new ModelsFailedException(
                    url + " gave a line that is no prediction, after " + seen + ": " + e.getMessage(), e);
        }
    }

    private static ModelsFailedException refused(int status, String body) {
        String detail = "";
        try {
            detail = JSON.readTree(body).path("detail").asText();
        } catch (JsonProcessingException e) {
            detail = "no JSON, expected Millrace's door";
        }
        return new ModelsFailedException("predictions cannot be read: " + detail + " (" + status + ")");
    }

    private void take(StoredPrediction prediction) {
        seen++;
        long place = place(prediction);
        if (drawn.size() < most) {
            drawn.add(new Drawn(place, prediction));
        } else if (place < drawn.element().place()) {
            drawn.remove();
            drawn.add(new Drawn(place, prediction));
        }
    }

    /** Mixes the id with the seed; splitmix64's finalizer (Steele, Lea and Flood 2014), twice. */
    private long place(StoredPrediction prediction) {
        long most64 = prediction.prediction().id().value().getMostSignificantBits();
        long least64 = prediction.prediction().id().value().getLeastSignificantBits();
        return mix(mix(most64 ^ mix(seed)) ^ least64);
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** How many were read. */
    public long seen() {
        return seen;
    }

    /** What was drawn. */
    public List<StoredPrediction> drawn() {
        List<StoredPrediction> predictions = new ArrayList<>();
        drawn.forEach(one -> predictions.add(one.prediction()));
        return predictions;
    }
}
