package io.millrace.meter;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.List;

/**
 * Leaves out, of what Kafka's clients and Streams register, all that has a series for each store, processor, broker or
 * topic and partition. Labels are never renamed here: Micrometer's binder looks for its own, and where it does not find
 * them it removes and adds the meter again, while somebody scrapes.
 */
final class KafkaMeters implements MeterFilter {
    private static final String KAFKA = "kafka.";
    private static final List<String> LEFT_OUT = List.of(
            "kafka.admin.",
            "kafka.app.",
            "kafka.kafka.",
            "kafka.consumer.node.",
            "kafka.producer.node.",
            "kafka.producer.topic.",
            "kafka.stream.state.",
            "kafka.stream.record.",
            "kafka.stream.processor.",
            "kafka.stream.topic.");

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        String name = id.getName();
        if (!name.startsWith(KAFKA)) {
            return MeterFilterReply.NEUTRAL;
        }
        boolean perPartition = id.getTag("partition") != null || id.getTag("topic") != null;
        // An id that is new at each start: as a label it would grow without end.
        boolean perStart = id.getTag("process.id") != null;
        return perStart || LEFT_OUT.stream().anyMatch(name::startsWith) || perPartition
                ? MeterFilterReply.DENY
                : MeterFilterReply.NEUTRAL;
    }
}
