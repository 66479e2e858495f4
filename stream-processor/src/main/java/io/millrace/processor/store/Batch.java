package io.millrace.processor.store;

import io.millrace.prediction.StoredPrediction;
import io.millrace.processor.store.Intake.Decision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The records of one poll on their way into the database, partition by partition and in order. It goes in one piece; when
 * the database refuses a row, in halves until the row is found, then in growing pieces again. Belongs to one thread.
 */
final class Batch {
    private final List<Entry> entries;
    private final Map<TopicPartition, Long> ends;
    private int done;
    private int size;

    /** A record and what becomes of it. */
    private record Entry(TopicPartition partition, ConsumerRecord<byte[], byte[]> record, Decision decision) {}

    /**
     * The next piece to go in one transaction.
     *
     * @param rows to write
     * @param ends the partitions' next offsets once the piece is stored
     * @param refused the records to hand to the dead letters before
     * @param passedOver records that are older than the retention
     */
    record Piece(
            List<StoredPrediction> rows,
            Map<TopicPartition, Long> ends,
            List<Decision.Refuse> refused,
            int passedOver) {}

    Batch(ConsumerRecords<byte[], byte[]> records, Intake intake) {
        entries = new ArrayList<>(records.count());
        ends = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> nextOffsets = records.nextOffsets();
        for (TopicPartition partition : records.partitions()) {
            long end = 0;
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                entries.add(new Entry(partition, record, intake.decide(record)));
                end = record.offset() + 1;
            }
            // Past the last record there may be a transaction's marker, which is nobody's record.
            OffsetAndMetadata next = nextOffsets.get(partition);
            ends.put(partition, next == null ? end : Math.max(end, next.offset()));
        }
        size = entries.size();
    }

    boolean isDone() {
        return done == entries.size();
    }

    /** Whether some of the partition's records may not be stored yet. */
    boolean isWaiting(TopicPartition partition) {
        return !isDone() && ends.containsKey(partition);
    }

    Piece piece() {
        List<StoredPrediction> rows = new ArrayList<>(pieceEnd() - done);
        List<Decision.Refuse> refused = new ArrayList<>();
        Map<TopicPartition, Long> pieceEnds = new LinkedHashMap<>();
        int passedOver = 0;
        for (int i = done; i < pieceEnd(); i++) {
            Entry entry = entries.get(i);
            boolean last =
                    i + 1 == entries.size() || !entries.get(i + 1).partition().equals(entry.partition());
            Long end = ends.get(entry.partition());
            pieceEnds.put(
                    entry.partition(),
                    last && end != null ? end : entry.record().offset() + 1);
            if (entry.decision() instanceof Decision.Write write) {
                rows.add(write.row());
            } else if (entry.decision() instanceof Decision.Refuse refuse) {
                refused.add(refuse);
            } else if (entry.decision() instanceof Decision.PassOver) {
                passedOver++;
            }
        }
        return new Piece(rows, pieceEnds, refused, passedOver);
    }

    /** The piece's refused records are safe; they are not handed over again, however often the piece is tried. */
    void handedOver() {
        for (int i = done; i < pieceEnd(); i++) {
            Entry entry = entries.get(i);
            if (entry.decision() instanceof Decision.Refuse) {
                entries.set(i, new Entry(entry.partition(), entry.record(), new Decision.HandedOver()));
            }
        }
    }

    /** The piece is stored; the next one may be twice as large. */
    void stored() {
        int stored = pieceEnd() - done;
        done += stored;
        size = Math.max(1, Math.max(size, stored) * 2);
    }

    /** The database refused a row of the piece: halves it, or refuses the record if it is the only one. */
    void refused(Intake intake, @Nullable String message) {
        int refused = pieceEnd() - done;
        if (refused > 1) {
            size = refused / 2;
            return;
        }
        Entry entry = entries.get(done);
        if (entry.decision() instanceof Decision.Write write) {
            Decision decision = intake.refused(entry.record(), write.row().prediction(), String.valueOf(message));
            entries.set(done, new Entry(entry.partition(), entry.record(), decision));
        }
    }

    /** Forgets what is left of these partitions: they are another writer's now. */
    void forget(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = Set.copyOf(partitions);
        List<Entry> left = new ArrayList<>(entries.subList(done, entries.size()));
        left.removeIf(entry -> gone.contains(entry.partition()));
        entries.clear();
        entries.addAll(left);
        done = 0;
        ends.keySet().removeAll(gone);
    }

    private int pieceEnd() {
        return Math.min(entries.size(), done + Math.min(size, entries.size() - done));
    }
}
