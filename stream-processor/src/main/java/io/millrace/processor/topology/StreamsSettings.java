package io.millrace.processor.topology;

import io.millrace.processor.deadletter.DecodeFailureHandler;
import io.millrace.processor.deadletter.ProcessingFailureHandler;
import io.millrace.processor.deadletter.ProductionFailureHandler;
import io.millrace.processor.score.ScoreProcessor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What the topology runs under.
 *
 * @param bootstrap the brokers, {@code host:port,…}
 * @param applicationId the consumer group and the prefix of changelog topics
 * @param instanceId this instance in the group, the same after a restart
 * @param stateDir where local state is kept
 * @param threads stream threads
 * @param guarantee exactly or at least once
 * @param commitInterval the shortest between two commits of a thread
 * @param standbys warm copies elsewhere
 * @param replication of the changelog topics; -1 is the broker's default
 */
public record StreamsSettings(
        String bootstrap,
        String applicationId,
        String instanceId,
        Path stateDir,
        int threads,
        Guarantee guarantee,
        Duration commitInterval,
        int standbys,
        int replication) {

    /** The same for another layout. */
    public StreamsSettings withApplicationId(String id) {
        return new StreamsSettings(
                bootstrap, id, instanceId, stateDir, threads, guarantee, commitInterval, standbys, replication);
    }

    /** The same under another name. */
    public StreamsSettings withInstanceId(String name) {
        return new StreamsSettings(
                bootstrap, applicationId, name, stateDir, threads, guarantee, commitInterval, standbys, replication);
    }

    /** As Kafka Streams takes them. */
    public Properties properties(StateMemory memory) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        // Streams' own would have an id that is new at each start, and be in the labels of every meter.
        settings.put(StreamsConfig.CLIENT_ID_CONFIG, applicationId);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee.setting());
        // Between commits that Streams begins by itself; the stage that scores asks for the others.
        settings.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                Math.max(ScoreProcessor.LONGEST_COMMIT_INTERVAL.toMillis(), commitInterval.toMillis()));
        // The stage that scores keeps users by itself.
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbys);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replication);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StateMemory.Setter.class);
        settings.put(StateMemory.SETTING, memory);
        settings.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DecodeFailureHandler.class);
        settings.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, ProcessingFailureHandler.class);
        settings.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, ProductionFailureHandler.class);
        // By its text, since the constant is deprecated before what it announces has come; without it each task warns.
        settings.put("processing.exception.handler.global.enabled", true);
        // A task has one topic of events, and waits for its state by itself: to see before each event whether another
        // partition has older records cost a twentieth of all CPU.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        // A wall-clock punctuator runs once a loop, and a loop waits here while nothing comes: it bounds how long the
        // last events of a burst wait in the micro-batch. Where nothing waits GatedConsumer takes longer.
        settings.put(StreamsConfig.POLL_MS_CONFIG, 5L);
        // Streams' own default of 100 ms would hide predictions from read_uncommitted consumers for as long.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 64 * 1024);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        // Static membership: an instance that comes back within the session time takes its own partitions again.
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instanceId);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 15_000);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 3_000);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return settings;
    }
}
