package io.millrace.meter;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Cuts what Kafka's clients and Streams register to what an operator reads. Streams puts an id that is new at each start
 * into the names of its clients and threads: as labels they would grow without end, so they are cut to the thread and the
 * client. What has a series for each store, processor, broker or topic and partition is left out.
 */
final class KafkaMeters implements MeterFilter {
    private static final String KAFKA = "kafka.";
    private static final Pattern PROCESS = Pattern.compile(".*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-?");
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
        return LEFT_OUT.stream().anyMatch(name::startsWith) || perPartition
                ? MeterFilterReply.DENY
                : MeterFilterReply.NEUTRAL;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().startsWith(KAFKA)) {
            return id;
        }
        List<Tag> tags = new ArrayList<>();
        for (Tag tag : id.getTags()) {
            if (tag.getKey().equals("client.id") || tag.getKey().equals("thread.id")) {
                String cut = PROCESS.matcher(tag.getValue()).replaceFirst("");
                tags.add(Tag.of(tag.getKey(), cut.isEmpty() ? "streams" : cut));
            } else if (!tag.getKey().equals("kafka.version") && !tag.getKey().equals("process.id")) {
                tags.add(tag);
            }
        }
        return id.replaceTags(tags);
    }
}
