package io.millrace.ingest.query;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.codec.PredictionCodec;
import io.millrace.ingest.observe.Dependency;
import io.millrace.ingest.observe.Dependency.Entry;
import io.millrace.prediction.StoredPrediction;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stored predictions, for {@code listPredictions}, {@code listUserPredictions} and {@code getEvent}. Thread-safe and blocking: call it on
 * a worker thread, never on an event loop; a read takes at most the wait for a connection and the timeout of a statement.
 * Whoever starts it closes it.
 */
public final class Predictions implements AutoCloseable {
    /** PostgreSQL: query_canceled, which is what the statement timeout does. */
    private static final String QUERY_CANCELED = "57014";

    private static final int ROWS_PER_FETCH = 200;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final QueryConfig config;
    private final HikariDataSource pool;
    private final Dependency store;

    /** Opens no connection yet: the store may come later than we do. */
    public Predictions(QueryConfig config, MeterRegistry registry) {
        this.config = config;
        HikariConfig settings = new HikariConfig();
        settings.setPoolName("millrace-query");
        settings.setJdbcUrl(config.postgres().url());
        if (!config.postgres().user().isEmpty()) {
            settings.setUsername(config.postgres().user());
            settings.setPassword(config.postgres().password());
        }
        settings.setMaximumPoolSize(config.connections() + Exports.CONNECTIONS);
        settings.setMinimumIdle(1);
        settings.setConnectionTimeout(Math.max(250, config.patience().toMillis()));
        settings.setValidationTimeout(
                Math.max(250, Math.min(1_000, config.patience().toMillis())));
        settings.setInitializationFailTimeout(-1);
        settings.setReadOnly(true);
        // A result is fetched in pieces only within a transaction, and a page is not to be in memory twice.
        settings.setAutoCommit(false);
        settings.setConnectionInitSql(
                "SET statement_timeout = " + config.timeout().toMillis());
        settings.addDataSourceProperty("ApplicationName", "millrace-query");
        settings.addDataSourceProperty("connectTimeout", "2");
        settings.addDataSourceProperty(
                "socketTimeout", Long.toString(config.timeout().toSeconds() + 2));
        // Planned with the values at hand: they decide which days are looked into.
        settings.addDataSourceProperty("prepareThreshold", "0");
        settings.setMetricRegistry(registry);
        pool = new HikariDataSource(settings);
        store = new Dependency("store", config.connections() + config.exports(), RETRY_AFTER, registry);
    }

    /** Reads one page as JSON. */
    public Answer read(PredictionQuery query) {
        return read(query, PredictionCodec::encode, config.pageBytes());
    }

    /**
     * Reads one page.
     *
     * @param encoder what becomes of a row
     * @param mostBytes a page ends early once it has so many
     */
    Answer read(PredictionQuery query, Function<StoredPrediction, byte[]> encoder, long mostBytes) {
        Cursor after = null;
        int filters = Cursor.checksum(query);
        if (query.cursor() != null) {
            Optional<Cursor> cursor = Cursor.parse(query.cursor());
            if (cursor.isEmpty() || cursor.get().filters() != filters) {
                return new Answer.BadCursor("cursor: expected one that a page with the same filters gave");
            }
            after = cursor.get();
        }
        if (!isStorable(query)) {
            return new Answer.Page(List.of(), null);
        }
        PredictionSelect select = new PredictionSelect(query, after, config.eventsAhead());
        Found<Answer.Page> found = inStore(connection -> {
            try (PreparedStatement statement = select.prepare(connection)) {
                statement.setFetchSize(ROWS_PER_FETCH);
                try (ResultSet rows = statement.executeQuery()) {
                    return page(rows, query.limit(), filters, encoder, mostBytes);
                }
            }
        });
        return found.value() == null ? Objects.requireNonNull(found.failure()) : found.value();
    }

    /** Some read of the store. */
    @FunctionalInterface
    public interface StoreRead<T> {
        T read(Connection connection) throws SQLException;
    }

    /**
     * What came of it: one of the two.
     *
     * @param failure no page
     */
    public record Found<T>(@Nullable T value, @Nullable Answer failure) {}

    /** Reads with a connection of the pool, unless the store is known to be away. */
    public <T> Found<T> inStore(StoreRead<T> read) {
        Entry entry = store.enter();
        if (entry instanceof Entry.Shut shut) {
            return new Found<>(null, new Answer.Unavailable(shut.reason(), shut.retryAfter()));
        } else if (entry instanceof Entry.Full full) {
            return new Found<>(null, new Answer.Unavailable(full.reason(), RETRY_AFTER));
        }
        Dependency.Pass pass = (Dependency.Pass) entry;
        SQLException failure = null;
        try (Connection connection = pool.getConnection()) {
            return new Found<>(read.read(connection), null);
        } catch (SQLException e) {
            failure = QUERY_CANCELED.equals(e.getSQLState()) ? null : e;
            return new Found<>(null, failed(e));
        } finally {
            // A statement that took too long is the question's fault, and no reason to leave the store alone.
            if (failure == null) {
                pass.answered();
            } else {
                pass.failed(failure);
            }
        }
    }

    /** Asks the store for a sign of life, for readiness; empty if it gave one, else what is wrong. Blocks. */
    public Optional<String> problem() {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(2) ? Optional.empty() : Optional.of("PostgreSQL does not answer");
        } catch (SQLException e) {
            return Optional.of("PostgreSQL cannot be reached: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private static Answer.Page page(
            ResultSet rows, int limit, int filters, Function<StoredPrediction, byte[]> encoder, long mostBytes)
            throws SQLException {
        List<byte[]> predictions = new ArrayList<>();
        StoredPrediction last = null;
        long bytes = 0;
        while (rows.next()) {
            if (last != null && (predictions.size() == limit || bytes >= mostBytes)) {
                return new Answer.Page(predictions, cursor(last, filters));
            }
            last = PredictionRow.read(rows);
            byte[] row = encoder.apply(last);
            predictions.add(row);
            bytes += row.length;
        }
        return new Answer.Page(predictions, null);
    }

    private static String cursor(StoredPrediction last, int filters) {
        return new Cursor(last.prediction().receivedAt(), last.prediction().id().value(), filters).text();
    }

    private Answer failed(SQLException e) {
        return QUERY_CANCELED.equals(e.getSQLState())
                ? new Answer.TooSlow("the read took longer than "
                        + config.timeout().toMillis()
                        + " ms: expected narrower filters, such as userId or a range of time")
                : new Answer.Unavailable("the store cannot be read at this moment", RETRY_AFTER);
    }

    /** PostgreSQL has no NUL and UTF-8 no half surrogate pairs, so no row matches a text that has one. */
    private static boolean isStorable(PredictionQuery query) {
        return Stream.<@Nullable String>of(
                        query.userId(), query.eventId(), query.model(), query.version(), query.label())
                .allMatch(text -> text == null
                        || (text.indexOf('\0') < 0
                                && StandardCharsets.UTF_8.newEncoder().canEncode(text)));
    }
}
