package io.millrace.ingest.query;

import io.millrace.codec.DecodeException;
import io.millrace.codec.QualityCodec;
import io.millrace.identity.ModelVersion;
import io.millrace.prediction.Role;
import io.millrace.quality.QualityCounts;
import io.millrace.quality.QualityRecord;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds the counts that partitions have stored of a model, by version, role and window. Stateless; owns no connection. */
final class QualityReader {
    /** All over all time, and the newest windows. */
    private static final String SELECT =
            "SELECT record FROM model_quality WHERE model = ? AND (?::text IS NULL OR version"
                    + " = ?) AND (?::text IS NULL OR role = ?) AND (window_start = '-infinity' OR window_start IN (SELECT DISTINCT"
                    + " window_start FROM model_quality WHERE model = ? AND window_start > '-infinity' ORDER BY 1 DESC LIMIT"
                    + " ?)) ORDER BY version, role, window_start, \"partition\"";

    /**
     * What is asked for.
     *
     * @param windows most windows, the newest
     */
    record Query(
            String model,
            @Nullable String version,
            @Nullable Role role,
            int windows) {}

    private record Subject(ModelVersion model, Role role, QualityRecord.@Nullable Window window) {}

    private QualityReader() {}

    /** One record a version, role and window: the counts are sums, the partition and the time those of the newest. */
    static List<QualityRecord> read(Connection connection, Query query) throws SQLException {
        Map<Subject, QualityRecord> sums = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            String role = query.role() == null ? null : query.role().text();
            statement.setString(1, query.model());
            statement.setString(2, query.version());
            statement.setString(3, query.version());
            statement.setString(4, role);
            statement.setString(5, role);
            statement.setString(6, query.model());
            statement.setInt(7, query.windows());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    add(sums, QualityCodec.decode(rows.getString(1).getBytes(StandardCharsets.UTF_8)));
                }
            }
        } catch (DecodeException e) {
            throw new SQLException("a row of model_quality is none: " + e.getMessage(), e);
        }
        return new ArrayList<>(sums.values());
    }

    private static void add(Map<Subject, QualityRecord> sums, QualityRecord part) {
        Subject subject = new Subject(part.model(), part.role(), part.window());
        QualityRecord before = sums.get(subject);
        if (before == null) {
            sums.put(subject, part);
            return;
        }
        QualityCounts sum = before.counts();
        sum.add(part.counts());
        QualityRecord newer = before.updatedAt().isAfter(part.updatedAt()) ? before : part;
        sums.put(
                subject,
                new QualityRecord(
                        newer.model(),
                        newer.role(),
                        newer.window(),
                        newer.partition(),
                        newer.label(),
                        newer.threshold(),
                        newer.reference(),
                        sum,
                        newer.updatedAt()));
    }
}
