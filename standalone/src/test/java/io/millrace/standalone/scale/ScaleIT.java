package io.millrace.standalone.scale;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.codec.PredictionCodec;
import io.millrace.ingest.Ingest;
import io.millrace.layout.Pipeline;
import io.millrace.layout.Pipeline.Phase;
import io.millrace.prediction.Prediction;
import io.millrace.processor.Processor;
import io.millrace.processor.move.MoveConfig;
import io.millrace.processor.move.Mover;
import io.millrace.processor.swap.DeployedModels;
import io.millrace.standalone.backlog.Backlog;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.topic.Topic;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guarantee 6: while clients post by two doors, stream threads come and go, and the pipeline grows from 2 partitions to 5 and shrinks to 3, the second time with
 * an interruption in every phase. Every accepted event is predicted once, in its user's order, from the very features that a
 * pipeline has which was never moved. Says what a request took and how long nothing came out.
 */
class ScaleIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String WRITE_KEY = "scale";
    private static final int USERS = Integer.getInteger("millrace.scale.users", 100);
    private static final int QUIET = Integer.getInteger("millrace.scale.quiet", 500);

    private static final Pattern EVENT_ID = Pattern.compile("\"(?:id|eventId)\":\"\\d-(\\d+)\"");

    private static final class Killed extends RuntimeException {}

    @Test
    void everyEventOnceInOrder_asIfNeverMoved(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                Processor processor = processor(broker, folder.resolve("state"), 2);
                Ingest one = Door.start(broker.bootstrap(), WRITE_KEY);
                Ingest other = Door.start(broker.bootstrap(), WRITE_KEY);
                Log predictions = new Log(broker.bootstrap(), Topic.PREDICTIONS.topicName());
                Clients clients =
                        new Clients(List.of(one.port(), other.port()), WRITE_KEY, USERS, predictions::count)) {
            await(() -> predictions.read().size() > QUIET);
            int requests = clients.took().size();
            awaitThreads(broker, predictions, clients, 3);
            awaitThreads(broker, predictions, clients, 1);

            awaitMove(
                    predictions,
                    () -> mover(broker, EnumSet.noneOf(Phase.class)).move(5));
            int grown = clients.count();
            await(() -> predictions.read().size() > grown);
            awaitMove(predictions, () -> moveWithInterruptions(broker, 3));
            int shrunk = clients.count();
            await(() -> predictions.read().size() > shrunk);
            clients.stop();

            List<String> accepted = new ArrayList<>(clients.accepted());
            await(() -> predictions.read().size() >= accepted.size());
            assertThat(processor.health().get(0).ready()).isTrue();
            List<Prediction> moved = decoded(predictions.readAll());
            assertThat(moved)
                    .extracting(prediction -> prediction.eventId().value())
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(accepted);
            holdToOrder(broker, moved);
            report(clients, requests, moved);
            holdTo(neverMoved(broker, folder.resolve("never"), accepted.size()), moved);
        }
    }

    /** Other threads take the tasks over while events come. */
    private static void awaitThreads(EmbeddedBroker broker, Log predictions, Clients clients, int threads)
            throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        mover(broker, EnumSet.noneOf(Phase.class)).threads(null, threads);
        do {
            predictions.read();
            assertThat(System.nanoTime())
                    .as("until %d threads are there", threads)
                    .isLessThan(deadline);
        } while (mover(broker, EnumSet.noneOf(Phase.class)).plan(2).members() != threads);
        int before = clients.count();
        await(() -> predictions.read().size() > before);
    }

    private interface Move {
        void run() throws Exception;
    }

    /** Reads what comes out while it runs. */
    private static void awaitMove(Log predictions, Move move) throws Exception {
        FutureTask<Void> running = new FutureTask<>(() -> {
            move.run();
            return null;
        });
        new Thread(running, "scale").start();
        await(() -> {
            predictions.read();
            return running.isDone();
        });
        running.get();
    }

    /** Killed at the beginning of each phase, and run again. */
    private static void moveWithInterruptions(EmbeddedBroker broker, int partitions) throws Exception {
        Set<Phase> left = EnumSet.allOf(Phase.class);
        while (true) {
            try {
                mover(broker, left).move(partitions);
                break;
            } catch (Killed e) {
                // as if it had been
            }
        }
        assertThat(left).isEmpty();
    }

    /** @param killedAt each phase at whose beginning it ends once */
    private static Mover mover(EmbeddedBroker broker, Set<Phase> killedAt) {
        MoveConfig config = new MoveConfig(broker.bootstrap(), "millrace-processor", 100_000, PATIENCE);
        return new Mover(config, Clock.systemUTC(), new Mover.Listener() {
            @Override
            public void phase(Pipeline pipeline) {
                if (killedAt.remove(pipeline.phase())) {
                    throw new Killed();
                }
            }

            @Override
            public void copied(long records, long left) {}
        });
    }

    private static void holdToOrder(EmbeddedBroker broker, List<Prediction> predictions) {
        Map<String, Integer> lastOfUser = new HashMap<>();
        for (Prediction prediction : predictions) {
            int event = Integer.parseInt(prediction.eventId().value().split("-", -1)[1]);
            Integer before = lastOfUser.put(String.valueOf(prediction.userId()), event);
            if (before != null && before >= event) {
                fail(prediction.userId() + "'s event " + event + " was predicted after " + before + "; on the topics: "
                        + ofUser(broker, String.valueOf(prediction.userId()), event, before));
            }
        }
    }

    /** Where a user's events from one to another lie, for a message. */
    private static List<String> ofUser(EmbeddedBroker broker, String user, int from, int to) {
        List<String> places = new ArrayList<>();
        for (String topic : List.of("user-events", "user-events-2", "user-events-3", "predictions")) {
            try (Log events = new Log(broker.bootstrap(), topic)) {
                for (ConsumerRecord<byte[], byte[]> record : events.readAll()) {
                    String text = new String(record.value(), UTF_8);
                    Matcher id = EVENT_ID.matcher(text);
                    if (text.contains('"' + user + '"') && id.find()) {
                        int event = Integer.parseInt(id.group(1));
                        if (from <= event && event <= to) {
                            places.add(topic + '-' + record.partition() + '@' + record.offset() + '=' + event + " at "
                                    + Instant.ofEpochMilli(record.timestamp()));
                        }
                    }
                }
            }
        }
        return places;
    }

    /** What a processor makes of the same events, in the order of their topics, that has always had one partition. */
    private static List<Prediction> neverMoved(EmbeddedBroker moved, Path folder, int expected) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                Processor processor = processor(broker, folder.resolve("state"), 1);
                Log predictions = new Log(broker.bootstrap(), Topic.PREDICTIONS.topicName());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (String topic : List.of("user-events", "user-events-2", "user-events-3")) {
                try (Log events = new Log(moved.bootstrap(), topic)) {
                    for (ConsumerRecord<byte[], byte[]> record : events.readAll()) {
                        var sent = producer.send(new ProducerRecord<>("user-events", record.key(), record.value()));
                        assertThat(sent).isNotNull();
                    }
                }
            }
            await(() -> predictions.read().size() >= expected);
            assertThat(processor.health().get(0).ready()).isTrue();
            return decoded(predictions.readAll());
        }
    }

    private static void holdTo(List<Prediction> never, List<Prediction> moved) {
        Map<String, Prediction> byEvent = new LinkedHashMap<>();
        never.forEach(prediction -> byEvent.put(prediction.eventId().value(), prediction));
        assertThat(byEvent).hasSize(moved.size());
        for (Prediction prediction : moved) {
            Prediction expected = byEvent.get(prediction.eventId().value());
            assertThat(expected).isNotNull();
            assertThat(prediction.id()).isEqualTo(expected.id());
            assertThat(prediction.inputs().values())
                    .containsExactly(expected.inputs().values());
            assertThat(prediction.score()).isCloseTo(expected.score(), within(1e-6f));
        }
    }

    private static void report(Clients clients, int quiet, List<Prediction> predictions) {
        List<Long> took = new ArrayList<>(clients.took());
        List<Long> times = new ArrayList<>(predictions.stream()
                .map(prediction -> prediction.scoredAt().toEpochMilli())
                .sorted()
                .toList());
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add(times.get(i) - times.get(i - 1));
        }
        gaps.sort(Collections.reverseOrder());
        System.out.printf(
                "%d events, %d users a client; POST of 20 events, p99 %.1f ms before and %.1f ms during two moves, longest %.1f ms;"
                        + " longest times without a prediction %s ms%n",
                predictions.size(),
                USERS,
                p99(took.subList(0, quiet)),
                p99(took.subList(quiet, took.size())),
                took.stream().mapToLong(Long::longValue).max().orElse(0) / 1e6,
                gaps.subList(0, Math.min(5, gaps.size())));
    }

    private static double p99(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() * 99 / 100) / 1e6;
    }

    private static List<Prediction> decoded(List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
        List<Prediction> predictions = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            predictions.add(PredictionCodec.decode(record.value()));
        }
        return predictions;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE);
            }
        }
    }

    private static Processor processor(EmbeddedBroker broker, Path state, int partitions) throws Exception {
        DeployedModels models = new DeployedModels();
        models.register("v0");
        models.deploy("v0", null, List.of());
        return Processor.start(
                new Backlog(broker.bootstrap(), partitions).processor("millrace-processor", state),
                new SimpleMeterRegistry(),
                models);
    }
}
