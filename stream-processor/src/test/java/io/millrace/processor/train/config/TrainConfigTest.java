package io.millrace.processor.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.model.Manifest;
import io.millrace.processor.train.file.Columns;
import io.millrace.processor.train.file.FileFormat;
import io.millrace.processor.train.file.FileShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The configuration of docs/training.md is one; what is wrong in another is told all at once. */
final class TrainConfigTest {
    private static final Path DOC = Path.of("../docs/training.md");

    @Test
    void exampleOfTheDocumentation_isRead() throws IOException {
        TrainConfig config = read(example());

        assertThat(config.manifest().inputs()).containsExactly("features", "sequence");
        assertThat(config.outcome().within()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.split()).isEqualTo(new TrainConfig.Split(0.2, 0, 0.15));
        assertThat(Objects.requireNonNull(config.fit().recurrent()).cell()).isEqualTo(Manifest.Recurrent.Cell.GRU);
    }

    @Test
    void topicRange_isTimesOrOffsets() throws IOException {
        TopicRange range = Objects.requireNonNull(
                read(topic("topic: user-events, from: 2026-01-01T00:00:00Z, to: {0: 12, 3: 9}, lateness: 5m"))
                        .data()
                        .topic());

        assertThat(range.from()).isEqualTo(new TopicRange.Bound.At(Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(range.to()).isEqualTo(new TopicRange.Bound.Offsets(Map.of(0, 12L, 3, 9L)));
        assertThat(range.lateness()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void columnsOfAnotherFile_areRead() throws IOException {
        TrainConfig.Data data = read(files("""
                        files: [visits.csv], format: csv, source: shop, unreadable: leave-out,
                        columns: {user: visitor, time: at, name: action, timePattern: d/M/yyyy, header: [at, visitor, action]}
                        """)).data();

        assertThat(data.shape())
                .isEqualTo(new FileShape(
                        FileFormat.CSV,
                        new Columns("visitor", "at", "action", "d/M/yyyy", List.of("at", "visitor", "action"))));
        assertThat(data.unreadable()).isEqualTo(TrainConfig.Unreadable.LEAVE_OUT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(files("files: [a], format: csv, source: shop, unreadable: maybe")))
                .withMessageContaining("data.columns: given none, expected which of the file's")
                .withMessageContaining("data.unreadable: given \"maybe\", expected refuse or leave-out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(
                        files("files: [a], format: csv, source: shop, columns: {user: u, when: t, header: [u, t]}")))
                .withMessageContaining("data.columns.time: given none, expected the column of the time")
                .withMessageContaining("data.columns.when: given, and no key of that name is known");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(files("files: [a], format: rees46, source: s, columns: {user: u, time: t}")))
                .withMessageContaining("data.columns: given for format rees46");
    }

    @Test
    void allThatIsWrong_isToldAtOnce() throws IOException {
        String wrong = example()
                .replace("  outcome: {type: event, events: [order_completed], within: 30m}\n", "")
                .replace("hidden: [32, 16]", "hidden: [0]")
                .replace("cell: gru", "cell: rnn")
                .replace("sample: 1", "sample: 2")
                .replace("validation: 0.15", "valdation: 0.15")
                .replace("format: ndjson", "format: xml");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(wrong))
                .withMessageStartingWith("test: ")
                .withMessageContaining("fit.hidden: given [0], expected units of each hidden layer")
                .withMessageContaining("fit.recurrent.cell: given \"rnn\", expected gru or lstm")
                .withMessageContaining("data.sample: given 2, expected a share")
                .withMessageContaining("data.format: file format \"xml\"")
                .withMessageContaining("split.valdation: given, and no key of that name is known")
                .withMessageContaining("split.parts: given 0, and validation 0.0, expected one of the two")
                .withMessageContaining("model.outcome: given none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(topic("topic: user-events, from: yesterday")))
                .withMessageContaining("data.from: given \"yesterday\", expected a time with an offset");
    }

    private static String files(String data) throws IOException {
        return topic(data.strip().replace("\n", " "));
    }

    private static String topic(String data) throws IOException {
        return example().replaceFirst("(?s)data:\n.*?split:", "data: {" + data + "}\nsplit:");
    }

    private static String example() throws IOException {
        String doc = Files.readString(DOC);
        int from = doc.indexOf("```yaml\n") + "```yaml\n".length();
        return doc.substring(from, doc.indexOf("```", from));
    }

    private static TrainConfig read(String yaml) throws IOException {
        return TrainConfig.read(yaml.getBytes(StandardCharsets.UTF_8), "test");
    }
}
