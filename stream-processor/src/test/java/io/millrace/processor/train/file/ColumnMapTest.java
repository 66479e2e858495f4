package io.millrace.processor.train.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.Event;
import io.millrace.identity.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose columns somebody else named. */
final class ColumnMapTest {
    private static final Columns COLUMNS = new Columns("visitor", "at", "action", null, null);

    private final Path folder;

    ColumnMapTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void csv_becomesEvents_whateverItsColumnsAndSeparatorAre() throws IOException {
        List<Event> events = events(FileFormat.CSV, COLUMNS, """
                \uFEFFat; visitor;action;price;code;note;empty
                2026-01-31 12:00:00;v1;looked;9.90;007;"a; ""b""
                c";
                1769860801;v1;bought;1e2;8;;
                """);

        assertThat(events).hasSize(2);
        Event looked = events.get(0);
        assertThat(looked.userId()).isEqualTo("v1");
        assertThat(looked.name()).isEqualTo("looked");
        assertThat(looked.times().event()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat(looked.properties()).hasToString("{\"price\":9.9,\"code\":\"007\",\"note\":\"a; \\\"b\\\"\\nc\"}");
        assertThat(events.get(1).times().event()).isEqualTo(Instant.parse("2026-01-31T12:00:01Z"));
        assertThat(events.get(1).properties()).hasToString("{\"price\":100.0,\"code\":8}");
    }

    @Test
    void csvWithoutAHeader_isReadByTheNamesThatAreGiven() throws IOException {
        Columns columns = new Columns("u", "t", null, "dd/MM/yyyy HH:mm", List.of("u", "t", "x"));

        List<Event> events = events(FileFormat.CSV, columns, "7,31/01/2026 23:59,1\n8,01/02/2026 00:00,2\n");

        assertThat(events).extracting(Event::userId).containsExactly("7", "8");
        assertThat(events).extracting(Event::name).containsOnly("event");
        assertThat(events.get(0).times().event()).isEqualTo(Instant.parse("2026-01-31T23:59:00Z"));
        assertThat(events.get(1).properties()).hasToString("{\"x\":2}");
    }

    @Test
    void ndjson_isReachedIntoByDots() throws IOException {
        Columns columns = new Columns("actor.login", "created_at", "type", null, null);

        List<Event> events = events(
                FileFormat.NDJSON,
                columns,
                "{\"type\":\"PushEvent\",\"created_at\":\"2021-07-21T10:00:00Z\",\"actor\":{\"login\":\"x\",\"id\":7},"
                        + "\"payload\":{\"size\":3,\"tags\":[1,2],\"none\":null},\"public\":true}\n");

        assertThat(events.get(0).userId()).isEqualTo("x");
        assertThat(events.get(0).name()).isEqualTo("PushEvent");
        assertThat(events.get(0).properties())
                .hasToString("{\"actor.id\":7,\"payload.size\":3,\"payload.tags\":[1,2],\"public\":true}");
    }

    @Test
    void lineThatIsNoEvent_isToldWithItsReason() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "at,visitor,action\n,v1,\nsoon,v1,a\n1,2\n");

        try (Stream<FileLine> lines = EventFiles.open(file, new FileShape(FileFormat.CSV, COLUMNS))) {
            assertThat(lines.map(line -> ((UnreadableLine) line).why()).toList())
                    .satisfiesExactly(
                            why -> assertThat(why).isEqualTo("no at, no action"),
                            why -> assertThat(why).startsWith("at \"soon\": expected a time as 2026"),
                            why -> assertThat(why).isEqualTo("2 columns, expected 3"));
        }
        assertThatThrownBy(() -> events(FileFormat.CSV, COLUMNS, "at,who\n1,2\n"))
                .hasMessageContaining("its header has [at, who], expected [visitor, at, action]");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:00:00+01:00, 2026-01-31T11:00:00Z",
        "2026-01-31 12:00:00.5 UTC, 2026-01-31T12:00:00.500Z",
        "2026-01-31 12:00+0200, 2026-01-31T10:00:00Z",
        "2026-01-31, 2026-01-31T00:00:00Z",
        "1769860800, 2026-01-31T12:00:00Z",
        "1769860800.25, 2026-01-31T12:00:00.250Z",
        "1769860800000, 2026-01-31T12:00:00Z",
        "1769860800000000, 2026-01-31T12:00:00Z",
        "1769860800000000000, 2026-01-31T12:00:00Z",
        "1.7698608E9, 2026-01-31T12:00:00Z",
    })
    void time_isReadAsPeopleWriteIt(String text, String time) {
        assertThat(COLUMNS.instant(text)).isEqualTo(Instant.parse(time));
    }

    @ParameterizedTest
    @ValueSource(strings = {"12:00", "31.01.2026", "-5", "2026-02-30", "1e300"})
    void time_thatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> COLUMNS.instant(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void columns_areRefusedWhereTheyDoNotFit() {
        assertThatThrownBy(() -> FileShape.of(FileFormat.CSV)).hasMessageContaining("columns: given none");
        assertThatThrownBy(() -> new FileShape(FileFormat.REES46, COLUMNS)).hasMessageContaining("has its own");
        assertThatThrownBy(() -> Columns.of(Map.of("user", "a", "tim", "b"))).hasMessageContaining("given tim");
        assertThatThrownBy(() -> Columns.of(Map.of("user", "a"))).hasMessageContaining("expected user and time");
        assertThatThrownBy(() -> new Columns("a", "b", null, "not a pattern", null))
                .hasMessageContaining("expected a pattern such as");
    }

    private List<Event> events(FileFormat format, Columns columns, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("events"), text);
        try (Stream<FileLine> lines = EventFiles.open(file, new FileShape(format, columns))) {
            return lines.map(line -> ((FileEvent) line).event(new Source("files")))
                    .toList();
        }
    }
}
