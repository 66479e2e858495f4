package io.millrace.processor.store;

import io.millrace.codec.InputsJson;
import io.millrace.codec.PredictionCodec;
import io.millrace.codec.Timestamps;
import io.millrace.config.PostgresLogin;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.StoredPrediction;
import io.millrace.processor.store.StoredOffsets.Advance;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.TopicPartition;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows a second of the writer's path, from the record's bytes to the commit, beside COPY of the same rows, already text,
 * into the same tables: the most that PostgreSQL takes from one connection; and beside the writer without the index on the
 * predictions' ids. Everything durable, in interleaved rounds.
 *
 * <pre>StoreBench [rows a round] [rounds] [rows a transaction]</pre>
 */
public final class StoreBench {
    private static final TopicPartition PARTITION = new TopicPartition("predictions", 0);

    private final int rowsPerRound;
    private final int batch;
    private final Connection connection;
    private final PredictionRows rows;
    private final int backend;
    private long offset;

    private StoreBench(Connection connection, int rowsPerRound, int batch) throws SQLException {
        this.connection = connection;
        this.rowsPerRound = rowsPerRound;
        this.batch = batch;
        StoredOffsets offsets = new StoredOffsets("bench");
        offsets.begin(connection, Map.of(PARTITION, 0L), Map.of());
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            backend = row.getInt(1);
        }
        rows = new PredictionRows(offsets, new DailyPartitions(Clock.systemUTC(), Duration.ofDays(30)));
    }

    public static void main(String[] args) throws Exception {
        int rowsPerRound = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int batch = args.length > 2 ? Integer.parseInt(args[2]) : 5_000;
        try (EmbeddedPostgres postgres = durable()) {
            PostgresLogin login = new PostgresLogin(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "");
            StoreSchema.migrate(login);
            try (Connection connection = StoreConnection.open(login, Duration.ofMinutes(5))) {
                StoreBench bench = new StoreBench(connection, rowsPerRound, batch);
                List<Round> writer = new ArrayList<>();
                List<Round> withoutIds = new ArrayList<>();
                List<Round> copy = new ArrayList<>();
                String size = "";
                // The first round of each warms it and is not counted.
                for (int round = 0; round <= rounds; round++) {
                    int from = round * 3 * rowsPerRound;
                    Round written = bench.write(from);
                    size = bench.size();
                    Round copied = bench.copy(from + rowsPerRound);
                    bench.execute("DROP INDEX predictions_id");
                    Round bare = bench.write(from + 2 * rowsPerRound);
                    size += "; without the index of ids " + bench.size();
                    bench.execute("CREATE INDEX predictions_id ON predictions USING hash (id)");
                    if (round > 0) {
                        writer.add(written);
                        copy.add(copied);
                        withoutIds.add(bare);
                        print("round " + round + ": writer " + written + ", COPY " + copied
                                + ", writer without the index of ids " + bare);
                    }
                }
                print("median: writer " + Round.median(writer) + ", COPY " + Round.median(copy)
                        + ", writer without the index of ids " + Round.median(withoutIds) + "; " + size);
            }
        }
    }

    /**
     * What a round gave, and what it cost each side of the connection: the wall clock also counts what the neighbours do.
     *
     * @param rowsPerSecond by the wall clock
     * @param ours CPU microseconds a row of our thread
     * @param theirs CPU microseconds a row of PostgreSQL's backend
     */
    private record Round(double rowsPerSecond, double ours, double theirs) {
        static Round median(List<Round> rounds) {
            return new Round(
                    median(rounds, Round::rowsPerSecond), median(rounds, Round::ours), median(rounds, Round::theirs));
        }

        private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
            double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
            return sorted[sorted.length / 2];
        }

        @Override
        public String toString() {
            return String.format("%,.0f rows/s (CPU µs a row: %.1f here, %.1f there)", rowsPerSecond, ours, theirs);
        }
    }

    /** The clocks at one moment. */
    private record Clocks(long wall, long ours, long theirs) {
        static Clocks now(int backend) {
            return new Clocks(
                    System.nanoTime(),
                    ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(),
                    ProcessHandle.of(backend)
                            .flatMap(process -> process.info().totalCpuDuration())
                            .orElseThrow()
                            .toNanos());
        }

        Round round(int backend, int rows) {
            Clocks end = now(backend);
            return new Round(
                    rows * 1e9 / (end.wall - wall), (end.ours - ours) / 1e3 / rows, (end.theirs - theirs) / 1e3 / rows);
        }
    }

    /** Zonky's own settings trade durability for speed. */
    private static EmbeddedPostgres durable() throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_wal_size", "4GB")
                .start();
    }

    private Round write(int from) throws Exception {
        List<byte[]> records = new ArrayList<>(rowsPerRound);
        for (Prediction prediction : predictions(from)) {
            records.add(PredictionCodec.encode(prediction));
        }
        empty();
        Clocks start = Clocks.now(backend);
        for (int i = 0; i < rowsPerRound; i += batch) {
            List<StoredPrediction> piece = new ArrayList<>(batch);
            for (byte[] record : records.subList(i, Math.min(rowsPerRound, i + batch))) {
                piece.add(PredictionCodec.decodeStored(record));
            }
            rows.write(connection, piece, Map.of(PARTITION, new Advance(offset, offset + piece.size())));
            offset += piece.size();
        }
        return start.round(backend, rowsPerRound);
    }

    private Round copy(int from) throws SQLException {
        List<byte[]> pieces = new ArrayList<>();
        List<Prediction> predictions = predictions(from);
        for (int i = 0; i < rowsPerRound; i += batch) {
            StringBuilder text = new StringBuilder();
            predictions
                    .subList(i, Math.min(rowsPerRound, i + batch))
                    .forEach(prediction -> text.append(line(prediction)));
            pieces.add(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        empty();
        Clocks start = Clocks.now(backend);
        for (byte[] piece : pieces) {
            CopyIn in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY predictions FROM STDIN");
            in.writeToCopy(piece, 0, piece.length);
            in.endCopy();
            connection.commit();
        }
        return start.round(backend, rowsPerRound);
    }

    private List<Prediction> predictions(int from) {
        return SomePredictions.predictions(
                from, from + rowsPerRound, Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    /** Both begin with empty tables and a checkpoint behind them. */
    private void empty() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE predictions");
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("CHECKPOINT");
            connection.setAutoCommit(false);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }

    private String size() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT sum(pg_table_size(i.inhrelid)), sum(pg_indexes_size(i.inhrelid))"
                                + " FROM pg_inherits i WHERE inhparent = 'predictions'::regclass")) {
            row.next();
            String size = String.format(
                    "%d bytes of table and %d of indexes a row",
                    row.getLong(1) / rowsPerRound, row.getLong(2) / rowsPerRound);
            connection.commit();
            return size;
        }
    }

    private static String line(Prediction p) {
        StringJoiner line = new StringJoiner("\t", "", "\n");
        line.add(Timestamps.format(p.receivedAt()))
                .add(p.id().toString())
                .add(p.eventId().value());
        line.add(p.source().name()).add(Objects.requireNonNull(p.userId())).add("\\N");
        line.add(p.model().name()).add(p.model().version()).add(p.sha256().hex());
        line.add(p.role().text()).add(Float.toString(p.score())).add(p.label()).add(Float.toString(p.threshold()));
        line.add(InputsJson.features(p.inputs()).toString()).add("\\N");
        line.add(Timestamps.format(p.eventTime())).add(Timestamps.format(p.scoredAt()));
        return line.add(Objects.requireNonNull(p.traceparent()).value()).toString();
    }

    // A program for a person at a terminal: its output is what it is for.
    @SuppressWarnings("PrintStream")
    private static void print(String line) {
        System.out.println(line);
    }
}
