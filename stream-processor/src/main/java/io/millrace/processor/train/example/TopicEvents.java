package io.millrace.processor.train.example;

import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.processor.train.config.TopicRange;
import io.millrace.processor.train.config.TrainConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a stretch of a topic, in the order in which they stand in their partitions: a user's events as the
 * stream met them. Committed records only; a record that is no event is left out, as the stream leaves it out.
 */
final class TopicEvents {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int PATIENCE_MILLIS = 30_000;

    private TopicEvents() {}

    /**
     * Reads the stretch; its ends are looked up once, so that a topic which grows is read to where it was.
     *
     * @param bootstrapServers used where the range names none
     * @throws IllegalArgumentException if no broker is named or it does not answer, the topic or an offset is not there,
     *     or there are too many events
     */
    static List<Event> read(TopicRange range, @Nullable String bootstrapServers, TrainConfig.Data data) {
        String servers = range.bootstrapServers() != null ? range.bootstrapServers() : bootstrapServers;
        if (servers == null) {
            throw new IllegalArgumentException("data.bootstrapServers: given none, expected the broker of topic "
                    + range.topic() + ", or --kafka, or --data of a Millrace on this machine");
        }
        try (Consumer<byte[], byte[]> consumer = connect(servers)) {
            List<PartitionInfo> partitions = consumer.partitionsFor(range.topic());
            if (partitions == null || partitions.isEmpty()) {
                throw new IllegalArgumentException(
                        "data.topic: given " + range.topic() + ", expected a topic of " + servers);
            }
            List<TopicPartition> all = partitions.stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> begins = places(consumer, range.from(), all, consumer.beginningOffsets(all));
            Map<TopicPartition, Long> ends = places(consumer, range.to(), all, consumer.endOffsets(all));
            begins.keySet().retainAll(ends.keySet());
            return read(consumer, begins, ends, data);
        } catch (KafkaException e) {
            throw new IllegalArgumentException(
                    "topic " + range.topic() + " of " + servers + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Consumer<byte[], byte[]> connect(String servers) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "millrace-train",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        10_000,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        PATIENCE_MILLIS,
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        PATIENCE_MILLIS),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static Map<TopicPartition, Long> places(
            Consumer<byte[], byte[]> consumer,
            TopicRange.Bound bound,
            List<TopicPartition> all,
            Map<TopicPartition, Long> edges) {
        Map<TopicPartition, Long> places = new LinkedHashMap<>();
        if (bound instanceof TopicRange.Bound.At at) {
            Map<TopicPartition, Long> asked = new HashMap<>();
            all.forEach(partition -> asked.put(partition, at.time().toEpochMilli()));
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(asked);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            for (TopicPartition partition : all) {
                OffsetAndTimestamp first = found.get(partition);
                // Nothing as late as that: behind the last one.
                places.put(partition, first == null ? ends.get(partition) : Long.valueOf(first.offset()));
            }
        } else if (bound instanceof TopicRange.Bound.Offsets offsets) {
            for (TopicPartition partition : all) {
                Long offset = offsets.byPartition().get(partition.partition());
                if (offset != null) {
                    places.put(partition, offset);
                }
            }
        } else {
            all.forEach(partition -> places.put(partition, edges.get(partition)));
        }
        return places;
    }

    private static List<Event> read(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            TrainConfig.Data data) {
        List<Event> events = new ArrayList<>();
        for (Map.Entry<TopicPartition, Long> begin : begins.entrySet()) {
            TopicPartition partition = begin.getKey();
            long end = Objects.requireNonNull(ends.get(partition));
            consumer.assign(List.of(partition));
            consumer.seek(partition, begin.getValue());
            // The position passes markers of transactions, which are no records.
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                    if (record.offset() < end) {
                        take(record, data, events);
                    }
                }
            }
        }
        return events;
    }

    private static void take(ConsumerRecord<byte[], byte[]> record, TrainConfig.Data data, List<Event> events) {
        if (record.value() == null) {
            return;
        }
        Event event;
        try {
            event = EventCodec.decode(record.value());
        } catch (DecodeException e) {
            return; // is among the dead letters of the stream, and no model saw it
        }
        if (event.kind() == EventKind.ERASE) {
            // Retention has not come to what it posted before; training forgets it all the same.
            events.removeIf(one -> one.user().equals(event.user()));
            return;
        }
        if (data.sample() >= 1 || UserHash.SAMPLE.of(event.user()) < data.sample()) {
            data.checkRoom(events.size());
            events.add(event);
        }
    }
}
