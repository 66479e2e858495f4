package io.millrace.processor.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table consumer_offsets: how far this group has stored each partition. Stateless; owns no connection. */
final class StoredOffsets {
    private static final Logger log = LoggerFactory.getLogger(StoredOffsets.class);

    private final String group;

    /**
     * A step of one partition.
     *
     * @param expected where the writer believes the partition stands
     * @param next where it stands after the batch
     */
    record Advance(long expected, long next) {}

    StoredOffsets(String group) {
        this.group = group;
    }

    /** The next offset of each partition that has one; the others were never stored. */
    Map<TopicPartition, Long> load(Connection connection, Collection<TopicPartition> partitions) throws SQLException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT topic, \"partition\", next_offset FROM"
                + " consumer_offsets WHERE consumer_group = ? AND topic = ANY (?)")) {
            statement.setString(1, group);
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            partitions.stream()
                                    .map(TopicPartition::topic)
                                    .distinct()
                                    .toArray(String[]::new)));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    TopicPartition partition = new TopicPartition(rows.getString(1), rows.getInt(2));
                    if (partitions.contains(partition)) {
                        offsets.put(partition, rows.getLong(3));
                    }
                }
            }
        }
        connection.commit();
        return offsets;
    }

    /**
     * Notes where partitions begin that have no offset yet, or one of another topic of that name; any other keeps its own.
     *
     * @param ids of the topics, by their names; of one that is not here none is noted
     */
    void begin(Connection connection, Map<TopicPartition, Long> offsets, Map<String, String> ids) throws SQLException {
        // An offset without an id is of a release that noted none.
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO consumer_offsets AS o"
                + " (consumer_group, topic, \"partition\", next_offset, topic_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT"
                + " (consumer_group, topic, \"partition\") DO UPDATE SET topic_id = excluded.topic_id, next_offset ="
                + " CASE WHEN o.topic_id IS NULL THEN o.next_offset ELSE excluded.next_offset END WHERE"
                + " o.topic_id IS DISTINCT FROM excluded.topic_id AND excluded.topic_id IS NOT NULL")) {
            for (Map.Entry<TopicPartition, Long> offset : offsets.entrySet()) {
                begin(connection, statement, offset.getKey(), offset.getValue(), ids);
            }
        }
        connection.commit();
    }

    private void begin(
            Connection connection,
            PreparedStatement statement,
            TopicPartition partition,
            long beginning,
            Map<String, String> ids)
            throws SQLException {
        String before = topicId(connection, partition);
        String now = ids.get(partition.topic());
        statement.setString(1, group);
        statement.setString(2, partition.topic());
        statement.setInt(3, partition.partition());
        statement.setLong(4, beginning);
        statement.setString(5, now);
        statement.execute();
        if (before != null && now != null && !before.equals(now)) {
            log.atError()
                    .addKeyValue("partition", partition)
                    .addKeyValue("before", before)
                    .addKeyValue("now", now)
                    .addKeyValue("beginning", beginning)
                    .log("The topic was made anew: the store reads it from its beginning; what was stored stays");
        }
    }

    private @Nullable String topicId(Connection connection, TopicPartition partition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT topic_id FROM consumer_offsets WHERE"
                + " consumer_group = ? AND topic = ? AND \"partition\" = ?")) {
            statement.setString(1, group);
            statement.setString(2, partition.topic());
            statement.setInt(3, partition.partition());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** Takes all offsets of the group away. */
    void forget(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM consumer_offsets WHERE consumer_group = ?")) {
            statement.setString(1, group);
            statement.executeUpdate();
        }
        connection.commit();
    }

    /**
     * Advances the partitions, all or none, in the caller's transaction. The rows stay locked until it ends: another
     * writer's step waits and then finds that the partition is no longer where it believes.
     *
     * @throws FencedException if a partition does not stand where the writer believes: another one has written it
     */
    void advance(Connection connection, Map<TopicPartition, Advance> advances) throws SQLException, FencedException {
        int size = advances.size();
        String[] topics = new String[size];
        Integer[] partitions = new Integer[size];
        Long[] expected = new Long[size];
        Long[] next = new Long[size];
        int i = 0;
        for (Map.Entry<TopicPartition, Advance> advance : advances.entrySet()) {
            topics[i] = advance.getKey().topic();
            partitions[i] = advance.getKey().partition();
            expected[i] = advance.getValue().expected();
            next[i++] = advance.getValue().next();
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE consumer_offsets o SET next_offset = a.next FROM unnest(?::text[], ?::int[], ?::bigint[],"
                        + " ?::bigint[]) AS a (topic, part, expected, next) WHERE o.consumer_group = ? AND o.topic ="
                        + " a.topic AND o.\"partition\" = a.part AND o.next_offset = a.expected")) {
            statement.setArray(1, connection.createArrayOf("text", topics));
            statement.setArray(2, connection.createArrayOf("int4", partitions));
            statement.setArray(3, connection.createArrayOf("int8", expected));
            statement.setArray(4, connection.createArrayOf("int8", next));
            statement.setString(5, group);
            int advanced = statement.executeUpdate();
            if (advanced != size) {
                throw new FencedException("another writer of group " + group + " has stored " + (size - advanced)
                        + " of these partitions: " + advances);
            }
        }
    }
}
