package io.millrace.processor.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.identity.Sha256;
import io.millrace.model.RegisteredVersion;
import io.millrace.processor.model.ModelRefusedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Artifacts on model-artifacts, read when they are asked for: nothing of them stays in memory. Thread-safe; each reading has
 * its own client.
 */
final class ArtifactStore {
    static final int CHUNK = 512 << 10;
    private static final Duration POLL = Duration.ofMillis(500);

    private final Clients clients;
    private final long largest;

    ArtifactStore(Clients clients, long largest) {
        this.clients = clients;
        this.largest = largest;
    }

    static int chunks(long bytes) {
        return Math.toIntExact(Math.max(1, (bytes + CHUNK - 1) / CHUNK));
    }

    /**
     * Writes the chunks in the producer's open transaction.
     *
     * @return the offset of the first
     */
    static long write(KafkaProducer<byte[], byte[]> producer, Sha256 sha256, byte[] artifact)
            throws InterruptedException, ExecutionException {
        Future<RecordMetadata> first = null;
        for (int i = 0; i < chunks(artifact.length); i++) {
            byte[] chunk = Arrays.copyOfRange(artifact, i * CHUNK, Math.min(artifact.length, (i + 1) * CHUNK));
            Future<RecordMetadata> sent = producer.send(Records.chunk(sha256, i, chunk));
            first = first == null ? sent : first;
        }
        producer.flush();
        return first == null ? 0 : first.get().offset();
    }

    /**
     * Reads an artifact.
     *
     * @throws ModelRefusedException if it is too big, or is not there whole
     */
    byte[] read(RegisteredVersion version) throws ModelRefusedException {
        if (version.bytes() > largest || version.chunks() != chunks(version.bytes())) {
            throw new ModelRefusedException(version.manifest().model() + ": artifact has " + version.bytes()
                    + " bytes in " + version.chunks() + " chunks, expected at most " + largest + " in chunks of "
                    + CHUNK);
        }
        Assembly assembly = new Assembly(version);
        try (KafkaConsumer<byte[], byte[]> consumer = clients.reader("millrace-model-artifacts")) {
            consumer.assign(List.of(Records.ARTIFACTS));
            long begin = consumer.beginningOffsets(List.of(Records.ARTIFACTS)).getOrDefault(Records.ARTIFACTS, 0L);
            // Beyond what is readable now: the commit that made the version known is on its way to this topic too.
            long end = end();
            long hint = version.offset() >= begin && version.offset() < end ? version.offset() : begin;
            scan(consumer, assembly, hint, end);
            if (!assembly.isWhole() && hint > begin) {
                scan(consumer, assembly, begin, end);
            }
        }
        if (!assembly.isWhole()) {
            throw new ModelRefusedException(version.manifest().model() + ": model-artifacts holds "
                    + assembly.present.cardinality() + " of its artifact's " + version.chunks() + " chunks");
        }
        return assembly.bytes;
    }

    private long end() throws ModelRefusedException {
        try (Admin admin = clients.admin()) {
            return admin.listOffsets(Map.of(Records.ARTIFACTS, OffsetSpec.latest()))
                    .partitionResult(Records.ARTIFACTS)
                    .get(clients.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .offset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelRefusedException("reading model-artifacts was interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ModelRefusedException("model-artifacts cannot be read: " + e.getMessage(), e);
        }
    }

    private void scan(KafkaConsumer<byte[], byte[]> consumer, Assembly assembly, long from, long end) {
        long idle = System.nanoTime();
        consumer.seek(Records.ARTIFACTS, from);
        while (!assembly.isWhole() && consumer.position(Records.ARTIFACTS) < end) {
            if (System.nanoTime() - idle > clients.timeout().toNanos()) {
                return;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                assembly.take(record);
                idle = System.nanoTime();
            }
        }
    }

    /** What has been found of one artifact. */
    private static final class Assembly {
        private final String prefix;
        private final int chunks;
        private final byte[] bytes;
        private final BitSet present = new BitSet();

        Assembly(RegisteredVersion version) {
            prefix = version.manifest().sha256().hex() + "/";
            chunks = version.chunks();
            bytes = new byte[Math.toIntExact(version.bytes())];
        }

        boolean isWhole() {
            return present.cardinality() == chunks;
        }

        void take(ConsumerRecord<byte[], byte[]> record) {
            String key = new String(record.key(), UTF_8);
            if (!key.startsWith(prefix) || record.value() == null) {
                return;
            }
            int number = Integer.parseInt(key.substring(prefix.length()));
            int expected = number < chunks ? Math.min(CHUNK, bytes.length - number * CHUNK) : -1;
            if (record.value().length == expected) {
                System.arraycopy(record.value(), 0, bytes, number * CHUNK, expected);
                present.set(number);
            }
        }
    }
}
