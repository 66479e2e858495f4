package io.millrace.standalone.bench;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * What a topology costs that does nothing with an event, one that does nothing but keep something of its user, and one that asks a
 * model about it besides, all with the same clients' settings as Millrace's: the ceilings of Millrace's own, and what it is to be
 * better than. Arguments: passthrough, state or naive, bootstrap, application id, state directory, guarantee as Kafka
 * Streams names it, commit interval in milliseconds.
 */
public final class TopologyMain {
    /** As many bytes as a user of the shipped models has, about. */
    private static final int STATE_BYTES = 240;

    static final String OUT = "bench-out";
    private static final String STORE = "users";

    private TopologyMain() {}

    public static void main(String[] arguments) throws IOException {
        Logs.start(LogConfig.of("bench", LogConfig.Reader.COLLECTOR));
        Topology topology = new Topology();
        topology.addSource(
                "events", new ByteArrayDeserializer(), new ByteArrayDeserializer(), Topic.USER_EVENTS.topicName());
        String last = "events";
        if (!arguments[0].equals("passthrough")) {
            boolean asks = arguments[0].equals("naive");
            topology.addProcessor("keep", () -> new Keeping(asks), "events");
            topology.addStateStore(
                    Stores.keyValueStoreBuilder(
                                    Stores.persistentKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray())
                            .withCachingEnabled(),
                    "keep");
            last = "keep";
        }
        topology.addSink("out", OUT, new ByteArraySerializer(), new ByteArraySerializer(), last);
        KafkaStreams streams = new KafkaStreams(topology, settings(arguments));
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close, "shutdown"));
        streams.start();
        ParentWatch.await();
        System.exit(0);
    }

    private static Properties settings(String[] arguments) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[1]);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[2]);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[3]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, arguments[4]);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Long.parseLong(arguments[5]));
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 32L << 20);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 64 * 1024);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return settings;
    }

    /** Counts a user's events, in a value as long as Millrace's, and may ask a model about each. */
    private static final class Keeping extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        private final @Nullable NaiveModel model;
        private KeyValueStore<byte[], byte[]> users = unopened();

        Keeping(boolean asks) {
            this.model = asks ? new NaiveModel() : null;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> context) {
            super.init(context);
            users = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<byte[], byte[]> event) {
            byte[] before = users.get(event.key());
            ByteBuffer after = ByteBuffer.allocate(STATE_BYTES);
            after.putLong(before == null ? 1 : ByteBuffer.wrap(before).getLong() + 1);
            after.put(event.value(), 0, Math.min(event.value().length, after.remaining()));
            users.put(event.key(), after.array());
            if (model == null) {
                context().forward(event);
            } else {
                float score = model.score(after);
                context()
                        .forward(event.withValue(ByteBuffer.allocate(event.value().length + Float.BYTES)
                                .putFloat(score)
                                .put(event.value())
                                .array()));
            }
        }

        @Override
        public void close() {
            if (model != null) {
                model.close();
            }
        }

        @SuppressWarnings("NullAway") // init comes first
        private static KeyValueStore<byte[], byte[]> unopened() {
            return null;
        }
    }
}
