package io.millrace.standalone.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.codec.PredictionCodec;
import io.millrace.config.Settings;
import io.millrace.config.SharedKeys;
import io.millrace.event.Event;
import io.millrace.identity.Sha256;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestKeys;
import io.millrace.json.JsonObject;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import io.millrace.processor.feature.FeatureResult;
import io.millrace.processor.feature.SlowFeatures;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.train.file.EventFiles;
import io.millrace.processor.train.file.FileEvent;
import io.millrace.processor.train.file.FileFormat;
import io.millrace.processor.train.file.FileLine;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.standalone.embedded.EmbeddedPostgres;
import io.millrace.standalone.embedded.Ports;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guarantee 1 to 3 at once: real events go in by HTTP, one in ten twice, while the processor is killed twice and the
 * database once. Every accepted event that the model selects has one prediction, in order per user, and one row; and each
 * score is the model's own on features computed by the slow reference. What users did later is counted once, too.
 */
class EndToEndIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration LATENESS = Duration.ofHours(1);
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final String WRITE_KEY = "end-to-end";

    @Test
    void everyEventOnce_whileProcessorAndDatabaseAreKilled(@TempDir Path folder) throws Exception {
        List<String> events = events();
        Path log = folder.resolve("processor.log");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 0, "secret");
            Map<String, String> settings = settings(broker, postgres, folder);
            ChildProcessor processor = ChildProcessor.start(settings, log);
            try (Ingest ingest = ingest(broker, postgres);
                    TopicReader userEvents = new TopicReader(broker.bootstrap(), Topic.USER_EVENTS);
                    TopicReader predictions = new TopicReader(broker.bootstrap(), Topic.PREDICTIONS);
                    TopicReader qualities = new TopicReader(broker.bootstrap(), Topic.MODEL_QUALITY)) {
                Producer producer = new Producer(ingest.port(), WRITE_KEY);
                Set<String> accepted = new HashSet<>(producer.post(events.subList(0, events.size() / 3)));
                await("predictions begin", log, () -> !predictions.read().isEmpty());
                processor.kill();
                accepted.addAll(producer.post(events.subList(events.size() / 3, 2 * events.size() / 3)));

                processor = ChildProcessor.start(settings, log);
                int before = predictions.read().size();
                await("predictions go on", log, () -> predictions.read().size() > before);
                postgres.kill();
                processor.kill();
                accepted.addAll(producer.post(events.subList(2 * events.size() / 3, events.size())));

                processor = ChildProcessor.start(settings, log);
                int again = predictions.read().size();
                await(
                        "predictions go on without the database",
                        log,
                        () -> predictions.read().size() > again);
                postgres.close();
                postgres = EmbeddedPostgres.start(folder.resolve("postgres"), postgres.port(), "secret");

                Map<String, List<Event>> published = published(userEvents, accepted, log);
                List<Event> selected = published.values().stream()
                        .flatMap(List::stream)
                        .filter(EndToEndIT::isSelected)
                        .toList();
                await("all predictions", log, () -> predictions.read().size() >= selected.size());
                EmbeddedPostgres store = postgres;
                await("all rows", log, () -> rows(store) >= selected.size());
                ExpectedQuality quality = ExpectedQuality.of(
                        ModelFiles.shipped(ModelFiles.PURCHASE_INTENT).manifest(),
                        published.values(),
                        EndToEndIT::isSelected,
                        GRACE);
                await("all outcomes", log, () -> quality.isReached(qualities.read()));
                assertThat(processor.isAlive()).isTrue();

                holdToReference(published, predictions.read());
                assertThat(predictions.read()).hasSize(selected.size());
                quality.check(qualities.read());
                assertThat(rows(store)).isEqualTo(selected.size());
                assertThat(ids(store)).hasSize(selected.size());
            } finally {
                processor.kill();
                postgres.close();
            }
        }
    }

    /** Real data where it is, otherwise simulated shoppers. */
    private static List<String> events() throws IOException {
        Path shared = Path.of(Objects.requireNonNullElse(System.getenv("MILLRACE_SHARED_DATA"), "../../shared/data"));
        Path real = shared.resolve("rees46").resolve("2019-Oct.csv.gz");
        Path sample = Path.of("src/test/resources/events/shoppers.ndjson.gz");
        boolean isReal = Files.exists(real);
        try (Stream<FileLine> lines =
                EventFiles.open(isReal ? real : sample, isReal ? FileFormat.REES46 : FileFormat.NDJSON)) {
            return lines.map(line -> ((FileEvent) line).body().toString()).toList();
        }
    }

    private static Map<String, String> settings(EmbeddedBroker broker, EmbeddedPostgres postgres, Path folder) {
        return Map.ofEntries(
                entry("MILLRACE_KAFKA_BOOTSTRAP", broker.bootstrap()),
                entry("MILLRACE_POSTGRES_URL", postgres.jdbcUrl()),
                entry("MILLRACE_POSTGRES_USER", postgres.user()),
                entry("MILLRACE_POSTGRES_PASSWORD", postgres.password()),
                entry("MILLRACE_PROCESSOR_STATE_DIR", folder.resolve("state").toString()),
                entry("MILLRACE_PROCESSOR_HTTP_PORT", "0"),
                entry("MILLRACE_PROCESSOR_GRPC_PORT", "0"),
                entry("MILLRACE_PROCESSOR_LATENESS", LATENESS.toString()),
                entry("MILLRACE_PROCESSOR_QUALITY_GRACE", GRACE.toString()),
                entry("MILLRACE_PROCESSOR_QUALITY_EVERY", "1s"),
                // Which predictions of a busy user would be dropped depends on how its events fall into batches.
                entry("MILLRACE_PROCESSOR_QUALITY_OPEN", "127"),
                entry("MILLRACE_TOPICS_PARTITIONS", "6"));
    }

    private static Ingest ingest(EmbeddedBroker broker, EmbeddedPostgres postgres) throws IOException {
        Settings settings = Settings.gather(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap", broker.bootstrap(),
                        "topics.partitions", "6",
                        "postgres.url", postgres.jdbcUrl(),
                        "postgres.user", postgres.user(),
                        "postgres.password", postgres.password(),
                        "ingest.http.port", Integer.toString(Ports.free()),
                        "ingest.write-keys", "web=" + Sha256.of(WRITE_KEY.getBytes(UTF_8))),
                Stream.concat(SharedKeys.ALL.stream(), IngestKeys.ALL.stream()).toList());
        IngestConfig config = IngestConfig.from(settings);
        settings.check();
        return Ingest.start(config, List.of());
    }

    /** What stands on user-events, by user and in order, without the doubles; exactly what was accepted. */
    private static Map<String, List<Event>> published(TopicReader topic, Set<String> accepted, Path log)
            throws Exception {
        Map<String, Event> byId = new LinkedHashMap<>();
        await("all events on the topic", log, () -> {
            for (ConsumerRecord<byte[], byte[]> record : topic.read()) {
                Event event = decode(record);
                byId.putIfAbsent(event.id().value(), event);
            }
            return byId.size() >= accepted.size();
        });
        assertThat(byId.keySet()).isEqualTo(accepted);
        assertThat(topic.read()).hasSizeGreaterThan(accepted.size());
        Map<String, List<Event>> byUser = new LinkedHashMap<>();
        byId.values()
                .forEach(event -> byUser.computeIfAbsent(event.user().text(), user -> new ArrayList<>())
                        .add(event));
        return byUser;
    }

    private static Event decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return EventCodec.decode(record.value());
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isSelected(Event event) {
        return "product_viewed".equals(event.name()) || "product_added".equals(event.name());
    }

    /** Each user's predictions, in their order, against the model run one by one on the slow reference's features. */
    private static void holdToReference(
            Map<String, List<Event>> published, List<ConsumerRecord<byte[], byte[]>> predictions) throws Exception {
        Map<String, List<Prediction>> byUser = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : predictions) {
            byUser.computeIfAbsent(new String(record.key(), UTF_8), user -> new ArrayList<>())
                    .add(PredictionCodec.decode(record.value()));
        }
        try (LoadedModel model = LoadedModel.load(ModelFiles.shipped("purchase-intent"), ModelLimits.DEFAULT);
                Scorer scorer = model.newScorer()) {
            Manifest manifest = model.manifest();
            for (Map.Entry<String, List<Event>> user : published.entrySet()) {
                SlowFeatures reference = new SlowFeatures(LATENESS);
                List<Prediction> found = byUser.getOrDefault(user.getKey(), List.of());
                int next = 0;
                for (Event event : user.getValue()) {
                    reference.add(event);
                    if (!isSelected(event)) {
                        continue;
                    }
                    Prediction prediction = found.get(next++);
                    assertThat(prediction.eventId()).isEqualTo(event.id());
                    FeatureResult expected = reference.inputs(manifest, JsonObject.EMPTY);
                    Inputs inputs = ((FeatureResult.Computed) expected).inputs();
                    assertThat(prediction.inputs().values())
                            .as(event.id().value())
                            .usingComparatorWithPrecision(1e-5f)
                            .containsExactly(inputs.values());
                    assertThat(prediction.score()).isCloseTo(scorer.score(List.of(inputs))[0], within(1e-5f));
                    assertThat(prediction.sha256()).isEqualTo(manifest.sha256());
                }
                assertThat(found).hasSize(next);
            }
        }
    }

    private static long rows(EmbeddedPostgres postgres) {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM predictions")) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            return -1;
        }
    }

    private static Set<String> ids(EmbeddedPostgres postgres) throws SQLException {
        Set<String> ids = new HashSet<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT DISTINCT id::text FROM predictions")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }

    private static void await(String what, Path log, BooleanSupplier condition) throws IOException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError(
                        what + ": not within " + PATIENCE + "; the processor said:\n" + Files.readString(log));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }
}
