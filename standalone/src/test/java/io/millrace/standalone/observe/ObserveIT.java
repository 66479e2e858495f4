package io.millrace.standalone.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.identity.Traceparent;
import io.millrace.standalone.data.DataFolder;
import io.millrace.standalone.observe.Scrape.Family;
import io.millrace.standalone.observe.SpanCollector.Received;
import io.millrace.standalone.run.Given;
import io.millrace.standalone.run.Standalone;
import io.millrace.standalone.run.Steps;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Millrace tells of itself, seen from outside: a collector of spans, a scrape of the meters. */
class ObserveIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int EVENTS = 24;
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Path PAGE = Path.of("../docs/operations.md");
    private static final Path RULES = Path.of("../scripts/deploy/observability/alerts.yaml");
    /** A row of the table: name, type, labels. */
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| ([^|]*)\\|.*");

    private static final Pattern METER = Pattern.compile("\\b(?:millrace|kafka|jvm|process)_\\w+");

    private static SpanCollector collector;
    private static DataFolder data;
    private static Standalone millrace;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        collector = new SpanCollector();
        data = DataFolder.take(folder.resolve("data"));
        Map<String, String> flags = Map.of(
                "ingest.http.port", "0",
                "ingest.mqtt.enabled", "true",
                "ingest.mqtt.port", "0",
                "standalone.kafka-port", "0",
                "standalone.postgres-port", "0",
                "topics.partitions", "3",
                "processor.quality.every", "1s",
                "tracing.otlp-endpoint", collector.endpoint());
        millrace = Standalone.start(data, new Given(null, Map.of(), flags), Steps.onStandardOutput());
    }

    @AfterAll
    static void stop() {
        millrace.close();
        data.close();
        collector.close();
    }

    @Test
    void oneTraceSpansDoorProcessorAndStore_eachEventItsOwn() throws Exception {
        List<Traceparent> callers = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            Traceparent caller = Traceparent.begin(true);
            callers.add(caller);
            assertThat(post(event("traced-" + i), caller.value())).isEqualTo(202);
        }
        Traceparent unsampled = Traceparent.begin(false);
        assertThat(post(event("not-traced"), unsampled.value())).isEqualTo(202);

        for (int i = 0; i < EVENTS; i++) {
            Traceparent caller = callers.get(i);
            await(() -> collector.of(caller.traceId()).size() >= 4);
            Map<String, Received> spans =
                    collector.of(caller.traceId()).stream().collect(Collectors.toMap(Received::name, span -> span));
            assertThat(spans).containsOnlyKeys("receive publishEvents", "publish", "score", "store");
            Received receive = Objects.requireNonNull(spans.get("receive publishEvents"));
            Received publish = Objects.requireNonNull(spans.get("publish"));
            Received score = Objects.requireNonNull(spans.get("score"));
            Received store = Objects.requireNonNull(spans.get("store"));
            assertThat(receive.parent()).isEqualTo(caller.spanId());
            assertThat(receive.service()).isEqualTo("ingest-api");
            assertThat(publish.parent()).isEqualTo(receive.id());
            assertThat(score.parent()).isEqualTo(publish.id());
            assertThat(store.parent()).isEqualTo(score.id());
            assertThat(store.service()).isEqualTo("stream-processor");
            for (Received step : List.of(publish, score, store)) {
                assertThat(step.attribute("event.id")).isEqualTo("traced-" + i);
            }
        }
        String stored = predictions("not-traced");
        assertThat(stored).contains(unsampled.traceId());
        assertThat(collector.of(unsampled.traceId())).isEmpty();
    }

    @Test
    void metersAreAsThePageSays_afterTraffic() throws Exception {
        assertThat(post(event("metered"), null)).isEqualTo(202);
        assertThat(post(event("metered"), null)).isEqualTo(202);
        assertThat(post("{\"id\":\"refused\",\"userId\":\"u1\"}", null)).isEqualTo(400);
        predictions("metered");
        await(() -> doorMeters().total("millrace_events_duplicate_total") >= 1);
        get(
                millrace.credentials().url() + "/v1/users/someone?source=default",
                millrace.credentials().tokens().analyst());

        List<String> moved = List.of(
                "millrace_ingest_requests_total",
                "millrace_ingest_request_seconds",
                "millrace_ingest_events_accepted_total",
                "millrace_ingest_events_refused_total",
                "millrace_ingest_publish_seconds",
                "millrace_events_processed_total",
                "millrace_events_duplicate_total",
                "millrace_prediction_latency_seconds",
                "millrace_batch_size",
                "millrace_inference_seconds",
                "millrace_serve_calls_seconds",
                "millrace_state_keys",
                "millrace_state_memory_bytes",
                "millrace_store_records_total",
                "millrace_store_write_seconds",
                "millrace_store_batch_rows",
                "process_resident_memory_bytes",
                "jvm_memory_used_bytes");
        await(() -> {
            Scrape now = doorMeters();
            return now.families().containsKey("millrace_consumer_lag")
                    && now.families().containsKey("millrace_model_feature_drift")
                    && moved.stream().allMatch(meter -> now.total(meter) > 0);
        });

        Scrape door = doorMeters();
        Scrape processor = new Scrape(get(millrace.metricsUrl(), null).body());
        List<Matcher> rows = table();
        for (Scrape scrape : List.of(door, processor)) {
            for (Matcher row : rows) {
                Family family = scrape.families().get(row.group(1));
                assertThat(family).as(row.group(1)).isNotNull();
                assertThat(family.type()).as(row.group(1)).isEqualTo(row.group(2));
                assertThat(family.labels()).as(row.group(1)).isEqualTo(labels(row.group(3)));
            }
            Set<String> documented = rows.stream().map(row -> row.group(1)).collect(Collectors.toSet());
            assertThat(scrape.families().keySet().stream()
                            .filter(name -> name.startsWith("millrace_"))
                            .filter(name -> !documented.contains(name.replaceAll("_max$", ""))))
                    .as("meters that docs/operations.md does not list")
                    .isEmpty();
            holdLabelsToBounds(scrape);
        }
    }

    @Test
    void rulesUseMetersThatAreEmitted() throws Exception {
        assertThat(post(event("for-the-rules"), null)).isEqualTo(202);
        predictions("for-the-rules");
        await(() -> doorMeters()
                .families()
                .keySet()
                .containsAll(Set.of("millrace_consumer_lag", "millrace_model_score_drift")));
        Set<String> emitted = doorMeters().families().keySet();

        JsonNode rules = new YAMLMapper().readTree(RULES.toFile()).at("/groups/0/rules");

        assertThat(rules).isNotEmpty();
        for (JsonNode rule : rules) {
            Matcher meter = METER.matcher(rule.path("expr").asText());
            boolean any = false;
            while (meter.find()) {
                any = true;
                assertThat(emitted)
                        .as(rule.path("alert").asText())
                        .contains(meter.group().replaceAll("_bucket$", ""));
            }
            assertThat(any).as(rule.path("alert").asText()).isTrue();
        }
    }

    /** Nothing from a request, and nothing that is new at each start. */
    private static void holdLabelsToBounds(Scrape scrape) {
        Pattern uuid = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-");
        scrape.families()
                .forEach((name, family) -> family.samples()
                        .forEach(sample -> sample.labels()
                                .forEach((label, value) -> assertThat(
                                                uuid.matcher(value).find()
                                                        || value.contains("metered")
                                                        || value.contains("someone"))
                                        .as(name + " " + label + "=" + value)
                                        .isFalse())));
        assertThat(scrape.families().values().stream()
                        .mapToInt(family -> family.samples().size())
                        .sum())
                .isLessThan(3_000);
    }

    private static List<Matcher> table() throws IOException {
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf("<!-- meters -->"), page.indexOf("<!-- end of meters -->"));
        List<Matcher> rows =
                table.lines().map(ROW::matcher).filter(Matcher::matches).toList();
        assertThat(rows).hasSizeGreaterThan(20);
        return rows;
    }

    private static Set<String> labels(String cell) {
        return Arrays.stream(cell.split(",", -1))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Scrape doorMeters() throws IOException, InterruptedException {
        return new Scrape(get(
                        millrace.credentials().url() + "/metrics",
                        millrace.credentials().tokens().operator())
                .body());
    }

    private static String event(String id) {
        return "{\"id\":\"" + id + "\",\"userId\":\"someone\",\"name\":\"product_viewed\","
                + "\"properties\":{\"product_id\":\"p1\",\"price\":19.9}}";
    }

    /** The event's predictions, once they are in the store. */
    private static String predictions(String event) throws Exception {
        String url = millrace.credentials().url() + "/v1/predictions?eventId=" + event;
        String token = millrace.credentials().tokens().analyst();
        await(() -> get(url, token).body().contains("\"" + event + "\""));
        return get(url, token).body();
    }

    /** As SDKs do, it tries again where the broker is slow. */
    private static int post(String body, @Nullable String traceparent) throws Exception {
        String basic = Base64.getEncoder()
                .encodeToString((millrace.credentials().writeKey() + ":").getBytes(StandardCharsets.UTF_8));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(millrace.credentials().url() + "/v1/events"))
                .header("authorization", "Basic " + basic)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (traceparent != null) {
            request.header("traceparent", traceparent);
        }
        int[] status = new int[1];
        await(() -> {
            status[0] = HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status[0] != 503 && status[0] != 429;
        });
        return status[0];
    }

    private static HttpResponse<String> get(String url, @Nullable String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (token != null) {
            request.header("authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("not so within " + PATIENCE).isLessThan(giveUpAt);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
