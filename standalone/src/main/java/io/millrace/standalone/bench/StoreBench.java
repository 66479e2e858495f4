package io.millrace.standalone.bench;

import io.millrace.topic.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * How many predictions a second the store's writer brings from their topic into PostgreSQL, beside COPY of the same rows, ready as
 * text, into a table like theirs. Nothing is scored meanwhile. Measured from the first rows on.
 */
final class StoreBench {
    /** As many as the writer commits at once. */
    private static final int COMMIT = 5_000;

    private static final int COPIED = 100_000;

    private final Sitting sitting;
    private final ProcessorLauncher launcher;
    private final Plan plan;
    private final List<Measured> written = new ArrayList<>();
    private final List<Measured> copied = new ArrayList<>();

    /** Of one run. */
    private record Measured(double perSecond, double micros, double postgresMicros) {}

    StoreBench(Sitting sitting, ProcessorLauncher launcher, Plan plan) {
        this.sitting = sitting;
        this.launcher = launcher;
        this.plan = plan;
    }

    /** All rounds; the backlog must be there. */
    void run() throws BenchFailedException, IOException, InterruptedException {
        sitting.empty(Topic.PREDICTIONS.topicName());
        sitting.said().accept("store: scoring what will be written");
        String id = "store-scorer";
        try (Child scorer = launcher.start(Variant.FULL, Guarantee.EXACTLY_ONCE, id, Map.of())) {
            new Progress(sitting).await(scorer, id, plan.events(), Long.MAX_VALUE);
        }
        try (Database database = Database.start(sitting.folder().resolve("store-postgres"))) {
            for (int round = 1; round <= plan.rounds(); round++) {
                sitting.said().accept("store, round " + round);
                database.empty();
                // Of the same application: all is scored, so that the writer is alone.
                try (Child writer =
                        launcher.start(Variant.FULL, Guarantee.EXACTLY_ONCE, id, database.settings("store-" + round))) {
                    written.add(watch(database, writer));
                }
                copied.add(copy(database));
            }
        } catch (SQLException e) {
            throw Database.failed(e);
        }
    }

    private Measured watch(Database database, Child writer) throws BenchFailedException, InterruptedException {
        Rows rows = new Rows(database);
        rows.awaitFirst(writer);
        long from = rows.count();
        long began = rows.grownAt();
        Duration cpu = writer.cpu();
        Duration postgres = database.running().cpu();
        double count = (double) rows.awaitLast(writer) - from;
        return new Measured(
                count / ((rows.grownAt() - began) / 1e9),
                writer.cpu().minus(cpu).toNanos() / 1e3 / count,
                database.running().cpu().minus(postgres).toNanos() / 1e3 / count);
    }

    private static Measured copy(Database database) throws BenchFailedException, SQLException {
        database.execute("DROP TABLE IF EXISTS bench_copy");
        database.execute("CREATE TABLE bench_copy (LIKE predictions INCLUDING ALL)");
        try (Connection connection = database.connect()) {
            PGConnection postgres = connection.unwrap(PGConnection.class);
            List<byte[]> pieces = new ArrayList<>();
            ByteArrayOutputStream piece = new ByteArrayOutputStream();
            CopyOut out =
                    postgres.getCopyAPI().copyOut("COPY (SELECT * FROM predictions LIMIT " + COPIED + ") TO STDOUT");
            int rows = 0;
            for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                piece.writeBytes(row);
                if (++rows % COMMIT == 0) {
                    pieces.add(piece.toByteArray());
                    piece.reset();
                }
            }
            pieces.add(piece.toByteArray());
            database.execute("CHECKPOINT");
            Duration before = database.running().cpu();
            long began = System.nanoTime();
            for (byte[] some : pieces) {
                CopyIn in = postgres.getCopyAPI().copyIn("COPY bench_copy FROM STDIN");
                in.writeToCopy(some, 0, some.length);
                in.endCopy();
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            return new Measured(
                    rows / seconds, 0, database.running().cpu().minus(before).toNanos() / 1e3 / rows);
        }
    }

    /** What was measured, beside COPY. */
    void report(Consumer<Figure> to) {
        Figure ceiling = new Figure("store.copy", "rows/s", values(copied, Measured::perSecond), null);
        to.accept(new Figure("store.writer", "rows/s", values(written, Measured::perSecond), ceiling));
        to.accept(ceiling);
        to.accept(new Figure("store.writer.cpu", "µs/row", values(written, Measured::micros), null));
        Figure copying =
                new Figure("store.copy.postgres-cpu", "µs/row", values(copied, Measured::postgresMicros), null);
        to.accept(
                new Figure("store.writer.postgres-cpu", "µs/row", values(written, Measured::postgresMicros), copying));
        to.accept(copying);
    }

    private static List<Double> values(List<Measured> runs, ToDoubleFunction<Measured> value) {
        return runs.stream().map(value::applyAsDouble).toList();
    }
}
