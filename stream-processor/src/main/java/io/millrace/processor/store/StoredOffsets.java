package io.millrace.processor.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The table consumer_offsets: how far this group has stored each partition. Stateless; owns no connection. */
final class StoredOffsets {
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

    /** Notes where partitions begin that have no offset yet; one that has keeps its own. */
    void begin(Connection connection, Map<TopicPartition, Long> offsets) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO consumer_offsets VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            for (Map.Entry<TopicPartition, Long> offset : offsets.entrySet()) {
                statement.setString(1, group);
                statement.setString(2, offset.getKey().topic());
                statement.setInt(3, offset.getKey().partition());
                statement.setLong(4, offset.getValue());
                statement.addBatch();
            }
            statement.executeBatch();
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
