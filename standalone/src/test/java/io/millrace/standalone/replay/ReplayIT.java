package io.millrace.standalone.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.codec.EventCodec;
import io.millrace.config.Settings;
import io.millrace.identity.Sha256;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestConfig;
import io.millrace.processor.train.file.FileFormat;
import io.millrace.processor.train.file.FileShape;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.standalone.post.PostingFailedException;
import io.millrace.standalone.post.Tally;
import io.millrace.standalone.run.StandaloneKeys;
import io.millrace.standalone.simulate.Simulation;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replay against a real door, whose broker goes and comes back. */
class ReplayIT {
    private static final String WRITE_KEY = "wk_replay";

    @Test
    void postsEachEventInOrder_whenTheBrokerGoesAndComesBack(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("events.ndjson");
        long lines =
                new Simulation(50, 40, 1).write(file, Instant.parse("2026-01-01T00:00:00Z"), Duration.ofMinutes(1));
        EmbeddedBroker broker = broker(folder, 0);
        int port = broker.port();
        try (Ingest ingest = ingest(broker.bootstrap())) {
            broker.close();
            Tally tally = new Tally();
            Replay impatient = replay(ingest, folder, Duration.ZERO, tally);
            assertThatThrownBy(() -> impatient.post(file, FileShape.of(FileFormat.NDJSON), line -> {}))
                    .isInstanceOf(PostingFailedException.class)
                    .hasMessageContaining("503");
            assertThat(tally.accepted()).isZero();

            Replay patient = replay(ingest, folder, Duration.ofMinutes(2), tally);
            CompletableFuture<Void> posting = CompletableFuture.runAsync(() -> post(patient, file));
            while (tally.retried() == 0) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
            broker = broker(folder, port);
            posting.get(2, TimeUnit.MINUTES);

            assertThat(tally.accepted()).isEqualTo(lines);
            assertThat(patient.answeredBefore(file)).isZero();
            List<String> ids = published(broker.bootstrap());
            assertThat(new HashSet<>(ids)).hasSize((int) lines);
            assertThat(outOfOrder(ids)).isEmpty();
        } finally {
            broker.close();
        }
    }

    /** The ids of a session count up; gives back those that came after a later one. What was sent again counts once. */
    private static List<String> outOfOrder(List<String> ids) {
        Map<String, Integer> last = new HashMap<>();
        List<String> outOfOrder = new ArrayList<>();
        for (String id : new LinkedHashSet<>(ids)) {
            int dash = id.lastIndexOf('-');
            int step = Integer.parseInt(id.substring(dash + 1));
            Integer before = last.put(id.substring(0, dash), step);
            if (before != null && before > step) {
                outOfOrder.add(id);
            }
        }
        return outOfOrder;
    }

    private static void post(Replay replay, Path file) {
        try {
            replay.post(file, FileShape.of(FileFormat.NDJSON), line -> {});
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Replay replay(Ingest ingest, Path folder, Duration patience, Tally tally) {
        return new Replay(
                "http://127.0.0.1:" + ingest.port(),
                WRITE_KEY,
                new Replay.Settings(OptionalDouble.empty(), 3, patience, folder.resolve("checkpoints")),
                tally);
    }

    private static EmbeddedBroker broker(Path folder, int port) throws InterruptedException {
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), port);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            new TopicCreator(admin, Duration.ofSeconds(30)).createMissing(3, (short) -1);
        }
        return broker;
    }

    private static Ingest ingest(String bootstrap) {
        Settings settings = Settings.gather(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap", bootstrap,
                        "topics.partitions", "3",
                        "postgres.url", "jdbc:postgresql://127.0.0.1:1/nowhere",
                        "ingest.http.port", "0",
                        "ingest.write-keys",
                                "shop=" + Sha256.of(WRITE_KEY.getBytes(UTF_8)).hex()),
                StandaloneKeys.EVERY);
        IngestConfig config = IngestConfig.from(settings);
        settings.check();
        return Ingest.start(config, List.of());
    }

    private static List<String> published(String bootstrap) throws Exception {
        List<String> ids = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.USER_EVENTS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    ids.add(EventCodec.decode(record.value()).id().value());
                }
            }
        }
        return ids;
    }
}
