package io.millrace.standalone.state;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.event.Event;
import io.millrace.json.JsonObject;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import io.millrace.processor.feature.FeatureResult;
import io.millrace.processor.feature.SlowFeatures;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.topology.LocalState;
import io.millrace.standalone.state.StateStage.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A processor whose state directory is damaged while it is down, each partition in another way, counts on as if nothing had
 * been; so it does where a block goes bad under it. One that ended in order restores nothing. LocalStateTest knows more
 * kinds of damage.
 */
class DamagedStateIT {
    private static final int WHOLE = 0;
    private static final int OVERWRITTEN = 1;
    private static final int WITHOUT_STORE = 2;
    private static final int WITHOUT_DAY = 3;
    private static final int IDLE = 4;
    private static final int PARTITIONS = 5;

    @Test
    void countsOn_whateverIsDamaged(@TempDir Path folder) throws Exception {
        ListAppender<ILoggingEvent> said = listen();
        try (StateStage stage = new StateStage(folder, PARTITIONS)) {
            List<String> users = IntStream.range(0, IDLE)
                    .boxed()
                    .flatMap(partition -> Stream.of(stage.user(partition, 0), stage.user(partition, 1)))
                    .toList();
            try (Instance first = stage.start()) {
                stage.publish(users);
                stage.passADay();
                stage.publish(users);
                stage.awaitPredictions();
                assertThat(first.isRunning()).isTrue();
            }

            damage(stage);
            try (Instance second = stage.start()) {
                assertThat(said.list)
                        .filteredOn(event -> event.getFormattedMessage().contains("is damaged"))
                        .extracting(DamagedStateIT::task)
                        .containsExactly("0_1", "0_2", "0_3");
                assertThat(second.restored()).isPositive();
                stage.send(List.copyOf(stage.published));
                stage.publish(users);
                stage.awaitPredictions();
            }

            try (Instance third = stage.start()) {
                assertThat(third.restored()).isZero();
                // No event has read it since the start, so the block comes from the disk.
                overwrite(tables(stage.task(WHOLE).resolve("rocksdb/users")));
                stage.publish(users);
                stage.awaitPredictions();
                assertThat(third.restored()).isPositive();
            }

            assertThat(said.list)
                    .filteredOn(event -> event.getFormattedMessage().contains("is damaged"))
                    .hasSize(3);
            check(stage);
        }
    }

    private static String task(ILoggingEvent event) {
        return event.getKeyValuePairs().stream()
                .filter(pair -> pair.key.equals("task"))
                .map(pair -> String.valueOf(pair.value))
                .findFirst()
                .orElse("");
    }

    private static ListAppender<ILoggingEvent> listen() {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        ((Logger) LoggerFactory.getLogger(LocalState.class)).addAppender(said);
        return said;
    }

    private static void damage(StateStage stage) throws IOException {
        overwrite(tables(stage.task(OVERWRITTEN).resolve("rocksdb/users")));
        delete(stage.task(WITHOUT_STORE).resolve("rocksdb/users"));
        delete(list(stage.task(WITHOUT_DAY).resolve("seen"), "seen.").get(0));
        Files.writeString(stage.task(WHOLE).resolveSibling("kafka-streams-process-metadata"), "{");
    }

    /** The first block, where the users are. */
    private static void overwrite(List<Path> tables) throws IOException {
        for (Path table : tables) {
            try (FileChannel file = FileChannel.open(table, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[32]), 20);
            }
        }
    }

    private static List<Path> tables(Path store) throws IOException {
        return list(store, "0").stream()
                .filter(file -> file.toString().endsWith(".sst"))
                .toList();
    }

    private static List<Path> list(Path directory, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** Each event once, with the inputs that the slow reference computes from all of its user's events. */
    private static void check(StateStage stage) throws Exception {
        assertThat(stage.predictions).hasSameSizeAs(stage.published);
        Manifest manifest = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT).manifest();
        Map<String, Prediction> byEvent = new HashMap<>();
        stage.predictions.forEach(found -> byEvent.put(found.eventId().value(), found));
        Map<String, List<Event>> byUser = new HashMap<>();
        stage.published.forEach(event -> byUser.computeIfAbsent(event.user().text(), user -> new ArrayList<>())
                .add(event));
        byUser.forEach((user, events) -> {
            SlowFeatures reference = new SlowFeatures(Duration.ofHours(1));
            for (Event event : events) {
                reference.add(event);
                Inputs expected = ((FeatureResult.Computed) reference.inputs(manifest, JsonObject.EMPTY)).inputs();
                assertThat(Objects.requireNonNull(byEvent.get(event.id().value()))
                                .inputs()
                                .values())
                        .as("inputs of " + event.id() + " of " + user)
                        .usingComparatorWithPrecision(1e-5f)
                        .containsExactly(expected.values());
            }
        });
    }
}
