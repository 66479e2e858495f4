package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.authorize.Role;
import io.millrace.standalone.door.Listening.Sent;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions as they are made, for who listens, leaves and comes back. */
class LiveIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/v1/predictions/stream";

    private static DoorStage stage;
    private static PredictionWriter writer;
    private static int written;

    @BeforeAll
    static void open(@TempDir Path folder) {
        stage = new DoorStage(
                folder,
                Map.of("query.live.queue-bytes", "1048576", "query.live.clients", "3", "query.live.heartbeat", "1s"));
        writer = new PredictionWriter(stage.bootstrap());
    }

    @AfterAll
    static void close() {
        writer.close();
        stage.close();
    }

    @Test
    void sendsWhatPassesTheFilters_asItIsOnTheTopic() throws Exception {
        try (Listening listening = listen(PATH + "?model=churn&role=champion&minScore=0.25&maxScore=0.75&label=yes");
                Listening user = listen(PATH + "?userId=user-3&source=web&version=1.0.1")) {
            listening.untilPlaced();
            user.untilPlaced();
            int from = write(200);

            assertThat(numbers(listening, from, n -> n % 2 == 0 && n % 5 != 0 && n % 100 >= 50 && n % 100 <= 75))
                    .isNotEmpty();
            assertThat(numbers(user, from, n -> n % 7 == 3 && n % 3 == 1)).isNotEmpty();
        }
    }

    @Test
    void missesNothingAndSeesNothingTwice_whenComingBackAtOneDoorOrTheOther() throws Exception {
        Random random = new Random(11);
        String id;
        try (Listening first = listen(PATH)) {
            first.untilPlaced();
            id = first.lastId();
        }
        List<Integer> expected = new ArrayList<>();
        List<Integer> seen = new ArrayList<>();
        int from = written;
        // Known beforehand: who has seen all would wait forever for the writer to say that this was all.
        int total = IntStream.range(0, 60)
                .filter(i -> i % 4 != 1)
                .map(i -> 1 + i % 40)
                .sum();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            int next = from;
            for (int i = 0; i < 60; i++) {
                int size = 1 + i % 40;
                boolean committed = i % 4 != 1;
                writer.write(next, next + size, committed);
                if (committed) {
                    IntStream.range(next, next + size).forEach(expected::add);
                }
                next += size;
            }
            written = next;
        });
        try (Ingest other = stage.anotherDoor(Map.of())) {
            List<Integer> ports = List.of(stage.ingest.port(), other.port());
            while (seen.size() < total) {
                URI uri = URI.create("http://127.0.0.1:" + ports.get(random.nextInt(2)) + PATH);
                try (Listening listening = Listening.open(stage.client, uri, stage.bearer(Role.ANALYST), id)) {
                    int most = random.nextInt(40);
                    for (int i = 0; i < most && seen.size() < total; i++) {
                        seen.add(number(Objects.requireNonNull(listening.next())));
                    }
                    id = listening.lastId();
                }
            }
        }
        writing.get(60, TimeUnit.SECONDS);

        assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
        for (int partition = 0; partition < PredictionWriter.PARTITIONS; partition++) {
            int own = partition;
            assertThat(seen.stream().filter(number -> number % PredictionWriter.PARTITIONS == own))
                    .isSorted();
        }
    }

    @Test
    void readsALongPast_withLittleRoom() throws Exception {
        String id;
        int from;
        try (Listening watching = listen(PATH)) {
            watching.untilPlaced();
            id = watching.lastId();
            from = written;
            for (int i = 0; i < 20; i++) {
                writeAndRead(watching, 250);
            }
        }

        try (Listening listening = Listening.open(stage.client, stage.uri(PATH), stage.bearer(Role.ANALYST), id)) {
            List<Integer> seen = new ArrayList<>();
            while (seen.size() < 5_000) {
                seen.add(number(Objects.requireNonNull(listening.next())));
            }
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(from, written).boxed().toList());
            writeAndRead(listening, 3);
        }
    }

    @Test
    void cutsOffWhoTakesTooLittle_andNobodyElse() throws Exception {
        double before = stage.metric("millrace_ingest_live_dropped_total");
        try (Listening reading = listen(PATH);
                Socket idle = new Socket()) {
            idle.setReceiveBufferSize(4_096);
            idle.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), stage.ingest.port()));
            idle.getOutputStream()
                    .write(("GET " + PATH + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + stage.bearer(Role.ANALYST)
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            reading.untilPlaced();
            DoorStage.until(() -> stage.metric("millrace_ingest_live_clients") == 2);

            for (int i = 0; i < 200 && stage.metric("millrace_ingest_live_dropped_total") == before; i++) {
                writeAndRead(reading, 250);
            }

            assertThat(stage.metric("millrace_ingest_live_dropped_total")).isEqualTo(before + 1);
            assertThat(stage.metric("millrace_ingest_live_clients")).isEqualTo(1);
            writeAndRead(reading, 1);
        }
    }

    @Test
    void saysSo_whenTheBrokerNoLongerHasWhatWasMissed() throws Exception {
        String id;
        try (Listening first = listen(PATH)) {
            first.untilPlaced();
            id = first.lastId();
        }
        write(30);
        TopicPartition partition = new TopicPartition(Topic.PREDICTIONS.topicName(), 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stage.bootstrap()))) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }

        try (Listening listening = Listening.open(stage.client, stage.uri(PATH), stage.bearer(Role.ANALYST), id)) {
            Sent sent = Objects.requireNonNull(listening.next());
            assertThat(sent.event()).isEqualTo("gap");
            assertThat(JSON.readTree(sent.data()).path("partition").asInt()).isZero();
            for (int i = 0; i < 20; i++) {
                assertThat(Objects.requireNonNull(listening.next()).event()).isEqualTo("prediction");
            }
        }
    }

    @Test
    void answers_whatCannotBeListenedTo() throws Exception {
        String token = stage.bearer(Role.ANALYST);
        assertThat(stage.get(PATH, null).statusCode()).isEqualTo(401);
        assertThat(stage.get(PATH, stage.bearer(Role.PRODUCER)).statusCode()).isEqualTo(403);
        assertThat(stage.get(PATH + "?role=boss", token).statusCode()).isEqualTo(400);
        List<Listening> all = new ArrayList<>();
        try {
            DoorStage.until(() -> stage.metric("millrace_ingest_live_clients") == 0);
            for (int i = 0; i < 3; i++) {
                Listening listening = listen(PATH);
                all.add(listening);
                listening.untilPlaced();
            }
            assertThat(stage.get(PATH, token).statusCode()).isEqualTo(429);
        } finally {
            for (Listening listening : all) {
                listening.close();
            }
        }
        DoorStage.until(() -> stage.metric("millrace_ingest_live_clients") == 0);
    }

    private static Listening listen(String path) throws IOException, InterruptedException {
        return Listening.open(stage.client, stage.uri(path), stage.bearer(Role.ANALYST), null);
    }

    /** Writes so many more; returns the first one's number. */
    private static int write(int count) {
        int from = written;
        writer.write(from, from + count, true);
        written = from + count;
        return from;
    }

    private static void writeAndRead(Listening listening, int count) throws IOException {
        int from = write(count);
        numbers(listening, from, number -> true);
    }

    private static int number(Sent sent) throws IOException {
        assertThat(sent.event()).isEqualTo("prediction");
        int number = JSON.readTree(sent.data()).path("features").path("n").asInt();
        assertThat(sent.data()).isEqualTo(PredictionWriter.json(number));
        return number;
    }

    private static List<Integer> numbers(Listening listening, int from, IntPredicate filter) throws IOException {
        List<Integer> expected =
                IntStream.range(from, written).filter(filter).boxed().toList();
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            seen.add(number(Objects.requireNonNull(listening.next())));
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
        return seen;
    }
}
